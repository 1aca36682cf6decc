import { v7 as newId } from "uuid";
import type { Actor } from "../domain/actor.ts";
import type { Tx } from "./client.ts";
import { overtakeWidenings } from "./move-widening.ts";
import { record } from "./record.ts";

/** For how long personal fields are kept, null for ever; held still until commit, also against a run. */
export async function lockRetention(tx: Tx): Promise<number | null> {
  const [row] = await tx.$queryRaw<[{ days: number | null }]>`SELECT days FROM retention WHERE id = 1 FOR UPDATE`;
  return row.days;
}

export type RetentionChange = {
  readonly before: number | null;
  readonly days: number | null;
  readonly reason: string;
  readonly causeId: string | null;
};

/** A run that is under way stops where it is; the next one goes by the new time. */
export async function writeRetention(
  tx: Tx,
  actor: Actor,
  now: Date,
  { before, days, reason, causeId }: RetentionChange,
): Promise<void> {
  await tx.$executeRaw`UPDATE retention SET days = ${days}, up_to = done, run_id = NULL WHERE id = 1`;
  const id = newId();
  const overtaken = await overtakeWidenings(tx, { kind: "retention", roleId: null }, now, id);
  const sides = { before: { days: before }, after: { days } };
  await record(tx, actor, now, [
    { id, kind: "retention.changed", about: {}, causeId, why: reason, ...sides },
    ...overtaken,
  ]);
}
