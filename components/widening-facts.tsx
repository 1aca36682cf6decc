import Link from "next/link";
import type { WideningRow } from "#lib/queries/widenings.ts";
import { Differences } from "./differences.tsx";
import { Time } from "./time.tsx";

/** What was proposed and why, against which version, and exactly what it would add. */
export function WideningFacts({ widening }: { widening: WideningRow }) {
  const { reason, differences, baseVersion, roleSlug, createdAt, decideBy, state, now } = widening;
  return (
    <div className="grid gap-4">
      <p className="text-sm text-muted">
        Proposed <Time at={createdAt} now={now} />
        {roleSlug !== null && baseVersion !== null ? (
          <>
            {" against "}
            <Link className="link" prefetch={false} href={`/roles/${roleSlug}/versions/${baseVersion}`}>
              version {baseVersion}
            </Link>
          </>
        ) : null}
        .{" "}
        {state === "PENDING" ? (
          <>
            To be decided <Time at={decideBy} now={now} /> at the latest.
          </>
        ) : null}
      </p>
      <blockquote className="quote">{reason}</blockquote>
      <Differences items={differences} />
    </div>
  );
}
