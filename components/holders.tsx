import Link from "next/link";
import type { GrantCard } from "#lib/queries/grant-cards.ts";
import { GrantStateBadge } from "./grant-state.tsx";

type Props = {
  grants: readonly GrantCard[];
  now: Date;
  /** What else to call a row by than the person. */
  by?: "person" | "role" | "both";
  empty: string;
};

/** Grants, one a line, with the state of each. */
export function Holders({ grants, now, by = "person", empty }: Props) {
  if (grants.length === 0) return <p className="text-muted">{empty}</p>;
  return (
    <ul className="card rows">
      {grants.map((grant) => (
        <li key={grant.id} className="flex flex-wrap items-center justify-between gap-2 px-4 py-3">
          <Link href={`/grants/${grant.id}`} prefetch={false} className="font-medium break-words hover:underline">
            {NAMES[by](grant)}
          </Link>
          <GrantStateBadge grant={grant} now={now} />
        </li>
      ))}
    </ul>
  );
}

const NAMES = {
  person: ({ personName }: GrantCard) => personName,
  role: ({ roleName }: GrantCard) => roleName,
  both: ({ personName, roleName }: GrantCard) => `${personName}, ${roleName}`,
};
