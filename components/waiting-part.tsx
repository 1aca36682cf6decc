import type { Difference } from "#lib/domain/role-difference.ts";
import { Differences } from "./differences.tsx";

/** What of a change gives more, and so is not in force until a second person approved it. */
export function WaitingPart({ items }: { items: readonly Difference[] }) {
  if (items.length === 0) return null;
  return (
    <div className="grid gap-3">
      <Differences items={items} />
      <p className="text-sm text-muted">
        This gives more, so it is not in force until another owner of the owner group or an admin approved it.
      </p>
    </div>
  );
}
