import type { Entitlement, Level } from "../domain/entitlement.ts";
import { narrowed } from "../domain/role.ts";
import type { Db, Tx } from "./client.ts";
import { LIVE_STATES } from "./live-states.ts";
import type { Entry } from "./record.ts";
import { wakeBindings } from "./wake.ts";

/** What a new role version takes from one live grant at one place. `to` is null when the place is lost altogether. */
export type Narrowing = {
  readonly grantId: string;
  readonly requestId: string;
  readonly personId: string;
  readonly personName: string;
  readonly bindingId: string;
  readonly place: Omit<Entitlement, "level">;
  readonly from: Level;
  readonly to: Level | null;
};

type LiveLine = Entitlement & Pick<Narrowing, "grantId" | "requestId" | "personId" | "personName" | "bindingId">;

/** The preview and the publication both ask here, so a page never promises what the server does not do. */
export async function narrowingsBy(
  db: Db | Tx,
  roleId: string,
  entitlements: readonly Entitlement[],
): Promise<Narrowing[]> {
  const lines = await db.$queryRaw<LiveLine[]>`
    SELECT g.id AS "grantId", g.request_id AS "requestId", g.person_id AS "personId", p.name AS "personName",
      b.id AS "bindingId", b.connection, b.kind, b.target, gb.level
    FROM access_grant g
      JOIN person p ON p.id = g.person_id
      JOIN grant_binding gb ON gb.grant_id = g.id AND gb.level IS NOT NULL
      JOIN binding b ON b.id = gb.binding_id
    WHERE g.role_id = ${roleId}::uuid AND g.state IN ${LIVE_STATES}
    ORDER BY p.name, g.id, b.connection DESC, b.target`;
  return lines.flatMap((line) => {
    const to = narrowed(line, entitlements);
    if (to === line.level) return [];
    const { connection, kind, target, level: from, ...ids } = line;
    return [{ ...ids, place: { connection, kind, target }, from, to }];
  });
}

/** Lowers what live grants want and wakes the worker. Gives one entry of history per grant. */
export async function applyNarrowings(
  tx: Tx,
  narrowings: readonly Narrowing[],
  role: { readonly id: string; readonly slug: string },
  now: Date,
  causeId: string,
): Promise<Entry[]> {
  if (narrowings.length === 0) return [];
  const rows = JSON.stringify(narrowings.map(({ grantId, bindingId, to }) => ({ grantId, bindingId, to })));
  // Bindings before their shares, in the order in which the worker locks them.
  await wakeBindings(
    tx,
    narrowings.map((narrowing) => narrowing.bindingId),
    now,
    "removal",
  );
  await tx.$executeRaw`
    UPDATE grant_binding SET level = line."to"
    FROM jsonb_to_recordset(${rows}::jsonb) AS line("grantId" uuid, "bindingId" uuid, "to" text)
    WHERE grant_id = line."grantId" AND binding_id = line."bindingId"
      -- What a hand took meanwhile does not come back at a lower level.
      AND level IS NOT NULL`;

  const grants = Map.groupBy(narrowings, (narrowing) => narrowing.grantId);
  return [...grants.entries()].map(([grantId, lines]) => ({
    kind: "grant.narrowed",
    about: { person: lines[0]?.personName ?? "", role: role.slug },
    personId: lines[0]?.personId ?? null,
    roleId: role.id,
    requestId: lines[0]?.requestId ?? null,
    grantId,
    causeId,
    before: lines.map((line) => ({ ...line.place, level: line.from })),
    after: lines.map((line) => ({ ...line.place, level: line.to })),
  }));
}
