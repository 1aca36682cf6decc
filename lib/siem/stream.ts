import type { Db, Tx } from "../db/client.ts";
import type { SignedCheckpoint } from "../proof/checkpoint.ts";
import { checkpointEvent } from "./checkpoint-event.ts";
import { changeEvent } from "./change-event.ts";
import type { Answer, Outgoing } from "./receiver.ts";

/** Twice as long as sending may take. Machine time. */
const LEASE_SECONDS = 45;
/** What most receivers take at once. */
const BATCH = 200;
const BATCH_BYTES = 500_000;
const LONGEST_PAUSE_SECONDS = 3_600;

export type Batch = {
  readonly events: readonly Outgoing[];
  /** The first entry in it. */
  readonly from: number;
  /** What will have been sent with it. */
  readonly seq: bigint;
  readonly checkpointSeq: bigint;
  readonly fence: number;
};

type Position = {
  readonly seq: bigint;
  readonly checkpointSeq: bigint;
  readonly fence: number;
  readonly refusals: number;
};
type Row = { readonly seq: bigint; readonly body: string; readonly prevHash: string; readonly hash: string };

/** Says that the history is forwarded, and where to. Another receiver is tried at once. */
export async function openStream(address: string, { db }: { db: Db }): Promise<void> {
  await db.$executeRaw`
    UPDATE siem_stream SET address = ${address}, tries = 0, refusals = 0, due_at = NULL, down_since = NULL,
      last_ok_at = NULL, last_answer = NULL
    WHERE address IS DISTINCT FROM ${address}`;
}

/** What was sent stays noted, so that a SIEM that comes back misses nothing. */
export async function closeStream({ db }: { db: Db }): Promise<void> {
  await db.$executeRaw`
    UPDATE siem_stream SET address = NULL, down_since = NULL, last_answer = NULL WHERE address IS NOT NULL`;
}

/**
 * Takes the lease and reads what comes next; null when there is nothing, it is too early, or another worker is sending.
 * It commits before anything is sent, and with it, on disk, everything that was read.
 */
export async function takeBatch({ db }: { db: Db }): Promise<Batch | null> {
  if (!(await isBehind(db))) return null;
  const batch = await db.$transaction(async (tx) => {
    const position = await takeLease(tx);
    if (!position) return null;
    const rows = await readRows(tx, position);
    const seq = rows.at(-1)?.seq ?? position.seq;
    const checkpoints = await readCheckpoints(tx, position, seq);
    const events = [...rows.map(changeEvent), ...checkpoints.map(checkpointEvent)];
    const checkpointSeq = BigInt(checkpoints.at(-1)?.seq ?? position.checkpointSeq);
    const from = Number(rows[0]?.seq ?? checkpoints[0]?.seq ?? seq);
    return { events, from, seq, checkpointSeq, fence: position.fence };
  });
  if (batch === null || batch.events.length > 0) return batch;
  await giveBack(batch, { db });
  return null;
}

/** Notes what came of a batch. Moves on only when it was taken, and only for whoever holds the lease still. */
export async function noteAnswer(batch: Batch, answer: Answer, { db }: { db: Db }): Promise<void> {
  if (answer.kind === "taken") return move(batch, answer.words, { db });
  const isRefused = answer.kind === "refused";
  const asked = answer.kind === "later" ? (answer.afterMs ?? 0) : 0;
  await db.$executeRaw`
    UPDATE siem_stream SET tries = tries + 1, refusals = LEAST(10, refusals + ${isRefused ? 1 : 0}),
      down_since = COALESCE(down_since, daypass_now()), last_answer = ${answer.words}, leased_until = NULL,
      due_at = daypass_now() + LEAST(${LONGEST_PAUSE_SECONDS}, GREATEST(${asked / 1_000},
        (0.5 + random() / 2) * LEAST(60, power(2, LEAST(tries, 10))))) * interval '1 second'
    WHERE id = 1 AND fence = ${batch.fence}`;
}

/** Nothing is known of a batch that we broke off ourselves: whoever comes next sends it again. */
export async function giveBack({ fence }: Batch, { db }: { db: Db }): Promise<void> {
  await db.$executeRaw`UPDATE siem_stream SET leased_until = NULL WHERE id = 1 AND fence = ${fence}`;
}

/** A batch was taken, so the next one may be longer again. */
async function move({ seq, checkpointSeq, fence }: Batch, words: string, { db }: { db: Db }): Promise<void> {
  await db.$executeRaw`
    UPDATE siem_stream SET seq = ${seq}, checkpoint_seq = ${checkpointSeq}, tries = 0,
      refusals = GREATEST(0, refusals - 1), last_ok_at = daypass_now(), last_answer = ${words}, down_since = NULL,
      due_at = NULL, leased_until = NULL
    WHERE id = 1 AND fence = ${fence}`;
}

/** Without taking anything: most rounds find nothing. */
async function isBehind(db: Db): Promise<boolean> {
  const [row] = await db.$queryRaw<[{ behind: boolean }]>`
    SELECT head.seq > s.seq OR EXISTS (SELECT FROM checkpoint p WHERE p.seq > s.checkpoint_seq AND p.seq <= s.seq)
      AS behind
    FROM chain_head head, siem_stream s`;
  return row.behind;
}

/** A moment that no clock of ours can have given does not count: the clock was put back. */
async function takeLease(tx: Tx): Promise<Position | null> {
  const [position] = await tx.$queryRaw<Position[]>`
    UPDATE siem_stream SET fence = fence + 1, leased_until = clock_timestamp() + ${LEASE_SECONDS} * interval '1 second'
    WHERE id = 1 AND commit_durably()
      AND (leased_until IS NULL OR leased_until < clock_timestamp()
        OR leased_until > clock_timestamp() + ${LEASE_SECONDS} * interval '1 second')
      AND (due_at IS NULL OR due_at <= daypass_now()
        OR due_at > daypass_now() + ${LONGEST_PAUSE_SECONDS} * interval '1 second')
    RETURNING seq, checkpoint_seq AS "checkpointSeq", fence, refusals`;
  return position ?? null;
}

/** Half as many after every refusal, down to the one entry that is not taken, so that it can be named. */
async function readRows(tx: Tx, { seq, refusals }: Position): Promise<Row[]> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT seq, body, encode(prev_hash, 'hex') AS "prevHash", encode(hash, 'hex') AS hash
    FROM change WHERE seq > ${seq} ORDER BY seq LIMIT ${Math.max(1, BATCH >> refusals)}`;
  let bytes = 0;
  const tooMany = rows.findIndex(({ body }, i) => (bytes += 2 * body.length) > BATCH_BYTES && i > 0);
  return tooMany < 0 ? rows : rows.slice(0, tooMany);
}

async function readCheckpoints(tx: Tx, { checkpointSeq }: Position, upTo: bigint): Promise<SignedCheckpoint[]> {
  const rows = await tx.$queryRaw<
    { signed: Omit<SignedCheckpoint, "at" | "signature">; at: Date; signature: Uint8Array }[]
  >`
    SELECT json_build_object('seq', seq, 'hash', encode(hash, 'hex'), 'previous', previous, 'key', key_id) AS signed, at,
      signature
    FROM checkpoint WHERE seq > ${checkpointSeq} AND seq <= ${upTo} ORDER BY seq LIMIT ${BATCH}`;
  return rows.map(({ signed, at, signature }) => ({
    ...signed,
    at: at.toISOString(),
    signature: Buffer.from(signature).toString("base64url"),
  }));
}
