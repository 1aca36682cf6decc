import { Differences } from "#components/differences.tsx";
import { Narrowings } from "#components/narrowings.tsx";
import { WaitingPart } from "#components/waiting-part.tsx";
import type { Preview } from "#lib/queries/preview-publication.ts";

/** What publishing would change, in the role and for the people who have it. */
export function Effect({ preview }: { preview: Preview }) {
  return (
    <div className="grid gap-6">
      <section>
        <h2 className="mb-2">What will be different from version {preview.expectedVersion}</h2>
        <Differences
          items={preview.differences}
          empty={preview.waiting.length > 0 ? "Nothing at once." : "Nothing yet."}
        />
      </section>
      {preview.waiting.length > 0 ? (
        <section>
          <h2 className="mb-2">What waits for a second person</h2>
          <WaitingPart items={preview.waiting} />
        </section>
      ) : null}
      <section>
        <h2 className="mb-2">What it means for people who have it now</h2>
        <Narrowings preview={preview} />
      </section>
    </div>
  );
}
