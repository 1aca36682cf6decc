import { v7 as newId } from "uuid";
import type { Actor } from "../domain/actor.ts";
import { afterMinutes } from "../domain/duration.ts";
import { Refused } from "../domain/refusals.ts";
import type { RoleSpec } from "../domain/role.ts";
import { WIDENING_WAITS_MINUTES } from "../domain/widening.ts";
import type { Tx } from "./client.ts";
import type { LockedRole } from "./lock-role.ts";
import { overtakeWidenings } from "./move-widening.ts";
import { fieldsOf } from "./publish-version.ts";
import { record } from "./record.ts";
import { specJson } from "./write-role-version.ts";

export type Proposal = {
  readonly wanted: RoleSpec;
  readonly reason: string;
  readonly restores: number | null;
  readonly causeId: string | null;
  readonly waitsAnyway: boolean;
};

/**
 * Lays a wider version before a second person. It takes the place of what waited for this role before.
 * @throws Refused no-second-person when nobody else could approve it now
 */
export async function proposeWidening(
  tx: Tx,
  actor: Actor,
  role: LockedRole,
  { wanted, reason, restores, causeId, waitsAnyway }: Proposal,
): Promise<string> {
  if (!waitsAnyway) await requireSecondPerson(tx, actor, role.current.ownerGroupId);
  const [id, changeId] = [newId(), newId()];
  const overtaken = await overtakeWidenings(tx, role.id, role.now, changeId);
  await tx.$executeRaw`
    INSERT INTO widening (id, kind, role_id, base_version, wanted, restores, reason, proposed_by_id, change_id, state,
      created_at, decide_by)
    VALUES (${id}::uuid, 'role', ${role.id}::uuid, ${role.current.version}, ${JSON.stringify(wanted)}::jsonb,
      ${restores}, ${reason}, ${actor.personId}::uuid, ${changeId}::uuid, 'PENDING', ${role.now},
      ${afterMinutes(role.now, WIDENING_WAITS_MINUTES)})`;
  await record(tx, actor, role.now, [
    {
      id: changeId,
      kind: "widening.proposed",
      about: { role: role.slug, proposer: actor.name, widening: id },
      personId: actor.personId,
      roleId: role.id,
      causeId,
      why: reason,
      before: specJson(fieldsOf(role.current)),
      after: specJson(wanted),
    },
    ...overtaken,
  ]);
  return id;
}

/** Proposes to do without the second person from now on. Admins decide about it. */
export async function proposeSwitchingOff(
  tx: Tx,
  actor: Actor,
  now: Date,
  { reason, causeId, waitsAnyway }: Pick<Proposal, "reason" | "causeId" | "waitsAnyway">,
): Promise<string> {
  if (!waitsAnyway) await requireSecondPerson(tx, actor, null);
  const [id, changeId] = [newId(), newId()];
  const overtaken = await overtakeWidenings(tx, null, now, changeId);
  await tx.$executeRaw`
    INSERT INTO widening (id, kind, reason, proposed_by_id, change_id, state, created_at, decide_by)
    VALUES (${id}::uuid, 'four-eyes', ${reason}, ${actor.personId}::uuid, ${changeId}::uuid, 'PENDING', ${now},
      ${afterMinutes(now, WIDENING_WAITS_MINUTES)})`;
  await record(tx, actor, now, [
    {
      id: changeId,
      kind: "widening.proposed",
      about: { proposer: actor.name, widening: id },
      personId: actor.personId,
      causeId,
      why: reason,
      before: { needed: true },
      after: { needed: false },
    },
    ...overtaken,
  ]);
  return id;
}

async function requireSecondPerson(tx: Tx, actor: Actor, ownerGroupId: string | null): Promise<void> {
  const [row] = await tx.$queryRaw<[{ others: number }]>`
    SELECT cardinality(array_remove(deciders_of(${ownerGroupId}::uuid), ${actor.personId}::uuid)) AS others`;
  if (row.others === 0) throw new Refused("no-second-person");
}
