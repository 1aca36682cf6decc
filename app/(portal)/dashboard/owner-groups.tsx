import { atMostWords } from "#lib/domain/lateness.ts";
import type { GroupUse } from "#lib/queries/dashboard/group-use.ts";
import { lyingBars } from "./bars.tsx";
import { Chart } from "./chart.tsx";
import { Figures } from "./figures.tsx";
import { countWords } from "./words.ts";

const CHARTED = 8;
const HEAD = ["Group", "Roles", "Live now", "Requests", "Approved", "Half within", "Grants", "Late"] as const;

export function OwnerGroups({ groups: { count, items } }: { groups: GroupUse }) {
  if (count === 0) return <p className="text-muted">No group owns a role yet.</p>;
  const charted = items.slice(0, CHARTED).filter(({ grants }) => grants > 0);
  const table = (
    <Figures
      open
      caption="What happened in the roles of each owner group"
      head={HEAD}
      rows={items.map((group) => [
        <span key="group" className="exact">
          {group.group}
        </span>,
        ...[group.roles, group.live, group.asked, group.approved].map((n) => n.toLocaleString("en")),
        group.medianSeconds === null ? "–" : atMostWords(group.medianSeconds),
        group.grants.toLocaleString("en"),
        group.late.toLocaleString("en"),
      ])}
    />
  );
  return (
    <>
      {charted.length === 0 ? (
        table
      ) : (
        <Chart
          whole
          label={`Grants by owner group: ${charted.map(({ group, grants }) => `${group} ${grants}`).join(", ")}.`}
          draw={lyingBars(
            charted.map(({ group, grants }) => ({
              name: group,
              value: grants,
              words: countWords(grants, "grant"),
              look: "full",
            })),
          )}
        >
          {table}
        </Chart>
      )}
      {count > items.length ? (
        <p className="mt-2 text-sm text-muted">And {countWords(count - items.length, "other group")}.</p>
      ) : null}
    </>
  );
}
