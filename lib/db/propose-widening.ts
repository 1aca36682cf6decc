import { v7 as newId } from "uuid";
import type { Actor } from "../domain/actor.ts";
import { afterMinutes } from "../domain/duration.ts";
import { Refused } from "../domain/refusals.ts";
import type { RoleSpec } from "../domain/role.ts";
import { WIDENING_WAITS_MINUTES, type ProposedRetention, type WideningKind } from "../domain/widening.ts";
import type { Tx } from "./client.ts";
import type { LockedRole } from "./lock-role.ts";
import { overtakeWidenings } from "./move-widening.ts";
import { fieldsOf } from "./publish-version.ts";
import { record, type Entry } from "./record.ts";
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
  const overtaken = await overtakeWidenings(tx, { kind: "role", roleId: role.id }, role.now, changeId);
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

type Why = Pick<Proposal, "reason" | "causeId" | "waitsAnyway">;

/** Proposes to do without the second person from now on. Admins decide about it. */
export async function proposeSwitchingOff(tx: Tx, actor: Actor, now: Date, why: Why): Promise<string> {
  const sides = { before: { needed: true }, after: { needed: false } };
  return proposeSetting(tx, actor, now, { kind: "four-eyes", wanted: null, about: {}, ...sides, ...why });
}

/** Proposes to redact what nobody can bring back. Admins decide about it. */
export async function proposeRetention(
  tx: Tx,
  actor: Actor,
  now: Date,
  { before, days }: ProposedRetention,
  why: Why,
): Promise<string> {
  const sides = { before: { days: before }, after: { days } };
  const wanted = { before, days };
  return proposeSetting(tx, actor, now, { kind: "retention", wanted, about: { days }, ...sides, ...why });
}

type Setting = Why &
  Pick<Entry, "about" | "before" | "after"> & {
    readonly kind: Exclude<WideningKind, "role">;
    readonly wanted: ProposedRetention | null;
  };

async function proposeSetting(
  tx: Tx,
  actor: Actor,
  now: Date,
  { kind, wanted, about, reason, causeId, waitsAnyway, ...sides }: Setting,
): Promise<string> {
  if (!waitsAnyway) await requireSecondPerson(tx, actor, null);
  const [id, changeId] = [newId(), newId()];
  const overtaken = await overtakeWidenings(tx, { kind, roleId: null }, now, changeId);
  await tx.$executeRaw`
    INSERT INTO widening (id, kind, wanted, reason, proposed_by_id, change_id, state, created_at, decide_by)
    VALUES (${id}::uuid, ${kind}, ${wanted && JSON.stringify(wanted)}::jsonb, ${reason}, ${actor.personId}::uuid, ${changeId}::uuid, 'PENDING', ${now},
      ${afterMinutes(now, WIDENING_WAITS_MINUTES)})`;
  await record(tx, actor, now, [
    {
      id: changeId,
      kind: "widening.proposed",
      about: { ...about, proposer: actor.name, widening: id },
      personId: actor.personId,
      causeId,
      why: reason,
      ...sides,
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
