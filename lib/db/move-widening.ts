import { v7 as newId } from "uuid";
import type { Actor, SystemActor } from "../domain/actor.ts";
import type { ChangeKind } from "../domain/change.ts";
import { Conflict } from "../domain/refusals.ts";
import type { WideningKind, WideningState } from "../domain/widening.ts";
import type { Tx } from "./client.ts";
import { Prisma } from "./generated/client.ts";
import type { WideningRow } from "./read-widening-case.ts";
import { record, type Entry } from "./record.ts";

type Move = { readonly to: WideningState; readonly byId: string | null; readonly note: string };

type End = { readonly kind: ChangeKind } & Move;

/** Moves a widening to its end and says so. Gives the id of the entry. */
export async function closeWidening(
  tx: Tx,
  actor: Actor | SystemActor,
  widening: WideningRow,
  { kind, ...move }: End,
): Promise<string> {
  await moveWidening(tx, widening, move);
  const id = newId();
  await record(tx, actor, widening.now, [
    {
      id,
      kind,
      about: namesOf({ ...widening, proposer: widening.proposerName, role: widening.roleSlug }),
      personId: widening.proposerId,
      roleId: widening.roleId,
      causeId: widening.changeId,
      why: move.note || null,
      before: { state: widening.state },
      after: { state: move.to },
    },
  ]);
  return id;
}

/** Compare-and-set with the state that was judged: the slower of two people loses. @throws Conflict */
async function moveWidening(
  tx: Tx,
  { id, state, revision, now }: WideningRow,
  { to, byId, note }: Move,
): Promise<void> {
  const { count } = await tx.widening.updateMany({
    where: { id, state, revision },
    data: { state: to, revision: { increment: 1 }, closedAt: now, decidedById: byId, note },
  });
  if (count !== 1) throw new Conflict("widening");
}

/** Closes what waits for this role or setting: it fits no longer. Gives its entries of history. */
export async function overtakeWidenings(
  tx: Tx,
  { kind, roleId }: { kind: WideningKind; roleId: string | null },
  now: Date,
  causeId: string,
): Promise<Entry[]> {
  const same = Prisma.sql`w.kind = ${kind} AND w.role_id IS NOT DISTINCT FROM ${roleId}::uuid`;
  const entries = await closeAll(tx, same, { kind: "widening.overtaken", to: "OVERTAKEN" }, now);
  return entries.map((entry) => ({ ...entry, causeId }));
}

/** Somebody who is deactivated proposes nothing any more. */
export async function withdrawWideningsOf(tx: Tx, personId: string, now: Date): Promise<Entry[]> {
  const theirs = Prisma.sql`w.proposed_by_id = ${personId}::uuid`;
  return closeAll(tx, theirs, { kind: "widening.withdrawn", to: "WITHDRAWN" }, now);
}

export async function expireOverdueWidenings(tx: Tx, now: Date): Promise<Entry[]> {
  return closeAll(tx, Prisma.sql`w.decide_by <= ${now}`, { kind: "widening.expired", to: "EXPIRED" }, now);
}

async function closeAll(tx: Tx, where: Prisma.Sql, end: Pick<End, "kind" | "to">, now: Date): Promise<Entry[]> {
  const rows = await tx.$queryRaw<Closed[]>`
    UPDATE widening w SET state = ${end.to}, revision = revision + 1, closed_at = ${now}
    FROM person p, (SELECT r.id, r.slug FROM role r UNION ALL SELECT NULL, NULL) AS r
    WHERE w.state = 'PENDING' AND p.id = w.proposed_by_id AND r.id IS NOT DISTINCT FROM w.role_id AND ${where}
    RETURNING w.id, w.change_id AS "changeId", w.role_id AS "roleId", r.slug AS role,
      (w.wanted ->> 'days')::int AS days, p.id AS "proposerId",
      p.name AS proposer`;
  return rows.map((row) => ({
    kind: end.kind,
    about: namesOf(row),
    personId: row.proposerId,
    roleId: row.roleId,
    causeId: row.changeId,
    before: { state: "PENDING" },
    after: { state: end.to },
  }));
}

type Closed = {
  readonly id: string;
  readonly changeId: string;
  readonly roleId: string | null;
  readonly role: string | null;
  readonly days: number | null;
  readonly proposerId: string;
  readonly proposer: string;
};

type Named = Pick<Closed, "id" | "proposer" | "role" | "days">;

function namesOf({ id, proposer, role, days }: Named) {
  return { proposer, widening: id, ...(role === null ? {} : { role }), ...(days === null ? {} : { days }) };
}
