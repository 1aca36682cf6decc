import { Differences } from "#components/differences.tsx";
import { Narrowings } from "#components/narrowings.tsx";
import type { Preview } from "#lib/queries/preview-publication.ts";

/** What publishing would change, in the role and for the people who have it. */
export function Effect({ preview }: { preview: Preview }) {
  return (
    <div className="grid gap-6">
      <section>
        <h2 className="mb-2">What will be different from version {preview.expectedVersion}</h2>
        <Differences items={preview.differences} empty="Nothing yet." />
      </section>
      <section>
        <h2 className="mb-2">What it means for people who have it now</h2>
        <Narrowings preview={preview} />
      </section>
    </div>
  );
}
