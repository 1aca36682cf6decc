import { SYSTEM } from "../domain/actor.ts";
import type { Db, Tx } from "../db/client.ts";
import { databaseNow } from "../db/now.ts";
import { record } from "../db/record.ts";
import { verifyChain } from "../db/verify-chain.ts";
import type { SigningKey } from "../proof/checkpoint.ts";
import { GENESIS, sameBytes, type Point } from "../proof/link.ts";

/** An entry is at most this far from the next checkpoint, so a proof of one entry stays short. */
export const SIGNED_AT_LEAST_EVERY = 1_000;

/** Any number that nothing else in this database locks. */
const LOCK = 7_329_012;

type Signed = { readonly previous: bigint | null; readonly last: Point };

/**
 * Signs the chain as far as it goes, and at every thousandth entry on the way. Only what was verified since the last
 * checkpoint is signed. Gives how many checkpoints were made. @throws when the history is broken: nothing is signed then
 */
export async function signCheckpoints(db: Db, key: SigningKey): Promise<number> {
  const { last } = await lastSigned(db);
  const { end, brokenAt } = await verifyChain(db, last);
  if (brokenAt !== null) throw new Error(`the history is broken at entry ${brokenAt}; nothing was signed`);
  if (end.seq === last.seq) return 0;
  return db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(${LOCK})::text`;
    const newest = await lastSigned(tx);
    // Another worker signed meanwhile; the next round goes on from there.
    if (!sameBytes(newest.last.hash, last.hash)) return 0;
    return signUpTo(tx, key, newest, end);
  });
}

/** Makes the worker's public key known, and says so in the history the first time. */
export async function announceKey(db: Db, { id, publicKey }: SigningKey): Promise<void> {
  await db.$transaction(async (tx) => {
    const now = await databaseNow(tx);
    const added = await tx.$executeRaw`
      INSERT INTO signing_key (id, public_key, first_used_at) VALUES (${id}, ${publicKey}, ${now})
      ON CONFLICT (id) DO NOTHING`;
    if (added === 0) return;
    const after = { key: id, publicKey: publicKey.toString("base64url") };
    await record(tx, SYSTEM, now, [{ kind: "history.key-added", about: { key: id }, after }]);
  });
}

async function lastSigned(db: Db | Tx): Promise<Signed> {
  const [last] = await db.$queryRaw<Point[]>`SELECT seq, hash FROM checkpoint ORDER BY seq DESC LIMIT 1`;
  return { previous: last?.seq ?? null, last: last ?? GENESIS };
}

async function signUpTo(tx: Tx, key: SigningKey, { previous, last }: Signed, end: Point): Promise<number> {
  const now = await databaseNow(tx);
  const points = await tx.$queryRaw<Point[]>`
    SELECT seq, hash FROM change WHERE seq > ${last.seq} AND seq <= ${end.seq}
      AND (seq = ${end.seq} OR seq % ${SIGNED_AT_LEAST_EVERY} = 0) ORDER BY seq`;
  const signed = points.map(({ seq, hash }, i) =>
    key.sign({
      seq: Number(seq),
      hash: Buffer.from(hash).toString("hex"),
      previous: numberOrNull(points[i - 1]?.seq ?? previous),
      at: now.toISOString(),
    }),
  );
  await tx.$executeRaw`
    INSERT INTO checkpoint (seq, hash, previous, at, key_id, signature)
    SELECT seq, decode(hash, 'hex'), previous, ${now}::timestamptz, ${key.id}, decode(signature, 'hex')
    FROM jsonb_to_recordset(${JSON.stringify(signed.map(inHex))}::jsonb)
      AS s(seq bigint, hash text, previous bigint, signature text)`;
  return signed.length;
}

function numberOrNull(seq: bigint | null): number | null {
  return seq === null ? null : Number(seq);
}

function inHex<T extends { signature: string }>(signed: T): T {
  return { ...signed, signature: Buffer.from(signed.signature, "base64url").toString("hex") };
}
