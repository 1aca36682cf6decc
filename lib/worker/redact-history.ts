import { v7 as newId } from "uuid";
import { SYSTEM } from "../domain/actor.ts";
import type { StoredChange } from "../domain/change.ts";
import type { Db, Tx } from "../db/client.ts";
import { databaseNow } from "../db/now.ts";
import { record } from "../db/record.ts";
import { committedText } from "../proof/committed.ts";

const BATCH = 500;

type Policy = {
  readonly days: number | null;
  readonly upTo: bigint;
  readonly done: bigint;
  /** Announced within the last day, under the same policy. */
  readonly isFresh: boolean;
};
type Row = { readonly seq: bigint; readonly body: string; readonly isAtRest: boolean };

/**
 * Redacts what the retention policy wants redacted by now, in batches of one transaction each: a run that was interrupted
 * goes on where it was. It says so in the history before it begins. Gives how many entries were redacted.
 */
export async function redactHistory(db: Db): Promise<number> {
  const isNew = await announceRun(db);
  let total = 0;
  for (;;) {
    const redacted = await redactBatch(db, isNew);
    if (redacted === null) break;
    total += redacted;
  }
  while ((await redactCopies(db)) > 0);
  return total;
}

/**
 * Nothing is redacted that was not announced, so that every verification can tell a policy from a forger. Once a day, and
 * at once after the policy changed. Gives whether it did.
 */
async function announceRun(db: Db): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const policy = await lockPolicy(tx);
    if (policy.days === null || policy.isFresh || policy.done < policy.upTo) return false;
    const now = await databaseNow(tx);
    const [next] = await tx.$queryRaw<[{ entries: number; upTo: bigint }]>`
      WITH moment AS MATERIALIZED (SELECT redact_before() AS before)
      SELECT (SELECT count(*)::int FROM at_rest((SELECT unredacted(before)), before)) AS entries,
        greatest((SELECT point_at(before)), ${policy.done}) AS "upTo"
      FROM moment`;
    if (next.entries === 0) return false;
    const id = newId();
    await tx.$executeRaw`UPDATE retention SET run_id = ${id}::uuid, up_to = ${next.upTo} WHERE id = 1`;
    const what = `${next.entries.toLocaleString("en")} ${next.entries === 1 ? "change" : "changes"}`;
    const upTo = Number(next.upTo);
    const after = { days: policy.days, entries: next.entries, upTo };
    await record(tx, SYSTEM, now, [{ id, kind: "history.redacted", about: { what, upTo }, after }]);
    return true;
  });
}

/** Null when there is nothing left to look at. What was passed over before was counted by the run that is new. */
async function redactBatch(db: Db, isNew: boolean): Promise<number | null> {
  return db.$transaction(async (tx) => {
    const policy = await lockPolicy(tx);
    if (policy.days === null) return null;
    const freed = isNew ? await readFreed(tx, policy) : [];
    if (freed.length > 0) {
      await redact(tx, freed);
      await tx.redactionKept.deleteMany({ where: { seq: { in: freed.map(({ seq }) => seq) } } });
      return freed.length;
    }
    const rows = await readNext(tx, policy);
    const last = rows.at(-1);
    if (!last) return null;
    const personal = rows.filter(({ body }) => isPersonal(body));
    const resting = personal.filter(({ isAtRest }) => isAtRest);
    const kept = personal.filter(({ isAtRest }) => !isAtRest);
    await redact(tx, resting);
    await tx.redactionKept.createMany({ data: kept.map(({ seq }) => ({ seq })) });
    await tx.retention.update({ where: { id: 1 }, data: { done: last.seq } });
    return resting.length;
  });
}

async function lockPolicy(tx: Tx): Promise<Policy> {
  const [policy] = await tx.$queryRaw<[Policy]>`
    SELECT days, up_to AS "upTo", done, EXISTS (SELECT FROM change run
      WHERE run.id = run_id AND run.at > daypass_now() - interval '1 day') AS "isFresh"
    FROM retention WHERE id = 1 FOR UPDATE`;
  return policy;
}

/** What was passed over before, and is at rest by now. */
async function readFreed(tx: Tx, { upTo }: Policy): Promise<Row[]> {
  return tx.$queryRaw<Row[]>`
    SELECT c.seq, c.body, true AS "isAtRest"
    FROM at_rest(ARRAY(SELECT seq FROM redaction_kept WHERE seq <= ${upTo}), (SELECT redact_before())) AS r(seq)
      JOIN change c ON c.seq = r.seq
    ORDER BY c.seq LIMIT ${BATCH}`;
}

async function readNext(tx: Tx, { done, upTo }: Policy): Promise<Row[]> {
  return tx.$queryRaw<Row[]>`
    WITH next AS (
      SELECT seq, body FROM change WHERE seq > ${done} AND seq <= ${upTo} ORDER BY seq LIMIT ${BATCH}
    )
    SELECT seq, body, seq IN (SELECT at_rest(ARRAY(SELECT seq FROM next), (SELECT redact_before()))) AS "isAtRest"
    FROM next ORDER BY seq`;
}

function isPersonal(body: string): boolean {
  return (JSON.parse(body) as StoredChange).personal !== undefined;
}

async function redact(tx: Tx, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const numbers = rows.map(({ seq }) => seq);
  const committed = rows.map(({ seq, body }) => {
    const text = committedText(body, JSON.parse(body) as StoredChange);
    if (text === null) throw new Error(`change ${seq} has no committed form`);
    return text;
  });
  const [{ count }] = await tx.$queryRaw<[{ count: bigint }]>`
    SELECT redact_changes(${numbers}::bigint[], ${committed}::text[]) AS count`;
  if (Number(count) !== rows.length) throw new Error(`${rows.length} changes were to be redacted, ${count} were`);
}

async function redactCopies(db: Db): Promise<number> {
  const [{ rows }] = await db.$queryRaw<[{ rows: bigint }]>`SELECT redact_copies(${BATCH}::int) AS rows`;
  return Number(rows);
}
