import Link from "next/link";
import { Time } from "#components/time.tsx";
import type { RoleUse, UsedRole } from "#lib/queries/dashboard/role-use.ts";
import { lyingBars } from "./bars.tsx";
import { Chart } from "./chart.tsx";
import { Figures } from "./figures.tsx";
import { countWords } from "./words.ts";

export function UsedRoles({ used }: { used: RoleUse["used"] }) {
  if (used.length === 0) return <p className="text-muted">No role was used in this time.</p>;
  return (
    <Chart
      label={`The most used roles by grants: ${used.map((role) => `${role.roleName} ${role.grants}`).join(", ")}.`}
      draw={lyingBars(
        used.map(({ roleName, grants }) => ({
          name: roleName,
          value: grants,
          words: grants.toLocaleString("en"),
          look: "full",
        })),
      )}
    >
      <Figures
        caption="The most used roles"
        head={["Role", "Owner group", "Grants", "People"]}
        words={[1]}
        rows={used.map((role) => [
          <RoleLink key="role" role={role} />,
          role.ownerGroup,
          role.grants.toLocaleString("en"),
          role.people.toLocaleString("en"),
        ])}
      />
    </Chart>
  );
}

/** What nobody needs any more can be given up. */
export function UnusedRoles({ roles: { roles, unused, unusedCount } }: { roles: RoleUse }) {
  if (roles === 0) return <p className="text-muted">There is no role yet.</p>;
  if (unusedCount === 0) return <p className="text-muted">Every role was used in this time.</p>;
  return (
    <>
      <ul className="rows">
        {unused.map((role) => (
          <li key={role.role} className="justify-between gap-x-4 py-1.5 first:pt-0 sm:flex">
            <RoleLink role={role} />
            <span className="text-sm whitespace-nowrap text-muted max-sm:block">
              {role.lastUsedAt ? (
                <>
                  last <Time at={role.lastUsedAt} style="date" />
                </>
              ) : (
                <>
                  never, made <Time at={role.createdAt} style="date" />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      {unusedCount > unused.length ? (
        <p className="mt-2 text-sm text-muted">And {countWords(unusedCount - unused.length, "other role")}.</p>
      ) : null}
    </>
  );
}

function RoleLink({ role: { role, roleName } }: { role: UsedRole }) {
  return (
    <Link href={`/roles/${role}`} prefetch={false} className="link break-words">
      {roleName}
    </Link>
  );
}
