import "server-only";
import type { Level, Place } from "../domain/entitlement.ts";
import type { Db } from "../db/client.ts";

/** Access that a person holds at a place through Daypass while a plan for it is shown. */
export type Held = Place & { readonly level: Level; readonly endsAt: Date };

export type PlanFacts = {
  /** Who the person is at each connection. */
  readonly accounts: Readonly<Record<string, string>>;
  readonly held: readonly Held[];
};

type Raw = { personId: string; accounts: Record<string, string>; held: (Omit<Held, "endsAt"> & { endsAt: string })[] };

/**
 * What saying exactly what will be done for these people needs. It names what they hold through other roles too: only
 * for the viewer themselves, and for people whose request the viewer was shown.
 */
export async function planFactsOf(
  personIds: readonly string[],
  { db }: { db: Db },
): Promise<ReadonlyMap<string, PlanFacts>> {
  const rows = await db.$queryRaw<Raw[]>`
    SELECT p.id AS "personId",
      COALESCE((SELECT json_object_agg(a.connection, a.username)
        FROM provider_account a WHERE a.person_id = p.id), '{}') AS accounts,
      COALESCE((SELECT json_agg(json_build_object('connection', b.connection, 'kind', b.kind, 'target', b.target,
          'level', gb.level, 'endsAt', g.ends_at) ORDER BY g.ends_at)
        FROM access_grant g
          JOIN grant_binding gb ON gb.grant_id = g.id AND gb.level IS NOT NULL
          JOIN binding b ON b.id = gb.binding_id
        WHERE g.person_id = p.id AND g.state = 'ACTIVE'), '[]') AS held
    FROM person p WHERE p.id = ANY(${[...new Set(personIds)]}::uuid[])`;
  return new Map(
    rows.map(({ personId, accounts, held }) => [
      personId,
      { accounts, held: held.map((one) => ({ ...one, endsAt: new Date(one.endsAt) })) },
    ]),
  );
}
