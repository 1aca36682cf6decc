import "server-only";
import type { SignedCheckpoint } from "../proof/checkpoint.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";

export type PublicKey = { readonly id: string; readonly publicKey: string; readonly firstUsedAt: Date };
export type Signature = SignedCheckpoint & { readonly publicKey: string };

export type ProofState = {
  readonly keys: readonly PublicKey[];
  /** The newest checkpoint; null before the first. */
  readonly newest: SignedCheckpoint | null;
  /** The worker's last verification of the whole history; null before the first. */
  readonly check: { readonly at: Date; readonly good: number; readonly brokenAt: number | null } | null;
};

type Row = Omit<SignedCheckpoint, "seq" | "previous" | "at" | "signature"> & {
  seq: bigint;
  previous: bigint | null;
  at: Date;
  signature: Uint8Array;
  publicKey: string;
};

/** What stands behind the history's word, for everybody: the public keys, the last signature and the last daily check. */
export async function proofState({ db }: { db: Db }): Promise<ProofState> {
  const [keys, [newest], [check]] = await Promise.all([
    publicKeys({ db }),
    checkpoints({ limit: 1 }, { db }),
    db.chainCheck.findMany({ orderBy: { at: "desc" }, take: 1 }),
  ]);
  return {
    keys,
    newest: newest ?? null,
    check: check
      ? { at: check.at, good: Number(check.good), brokenAt: check.brokenAt === null ? null : Number(check.brokenAt) }
      : null,
  };
}

/** Every key that ever signed, the newest first; each as its 32 bytes in base64url. */
export async function publicKeys({ db }: { db: Db }): Promise<PublicKey[]> {
  const keys = await db.signingKey.findMany({ orderBy: [{ firstUsedAt: "desc" }, { id: "asc" }] });
  return keys.map(({ id, publicKey, firstUsedAt }) => ({
    id,
    publicKey: Buffer.from(publicKey).toString("base64url"),
    firstUsedAt,
  }));
}

/** Newest first. `before`: the number of the last one of the page before. */
export async function checkpoints(
  { before, limit }: { readonly before?: number | undefined; readonly limit: number },
  { db }: { db: Db },
): Promise<SignedCheckpoint[]> {
  const older = before === undefined ? Prisma.sql`true` : Prisma.sql`p.seq < ${before}::bigint`;
  const rows = await readCheckpoints(db, Prisma.sql`${older} ORDER BY p.seq DESC LIMIT ${limit}`);
  return rows.map(({ publicKey: _publicKey, ...checkpoint }) => checkpoint);
}

/** The first checkpoint at this entry or after it, with the key to check it; null until there is one. */
export async function signedAfter(seq: number, { db }: { db: Db }): Promise<Signature | null> {
  const [row] = await readCheckpoints(db, Prisma.sql`p.seq >= ${seq}::bigint ORDER BY p.seq LIMIT 1`);
  return row ?? null;
}

async function readCheckpoints(db: Db, which: Prisma.Sql): Promise<Signature[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT p.seq, encode(p.hash, 'hex') AS hash, p.previous, p.at, p.key_id AS key, p.signature,
      encode(k.public_key, 'base64') AS "publicKey"
    FROM checkpoint p JOIN signing_key k ON k.id = p.key_id WHERE ${which}`;
  return rows.map(({ seq, hash, previous, at, key, signature, publicKey }) => ({
    seq: Number(seq),
    hash,
    previous: previous === null ? null : Number(previous),
    at: at.toISOString(),
    key,
    signature: Buffer.from(signature).toString("base64url"),
    publicKey: Buffer.from(publicKey, "base64").toString("base64url"),
  }));
}
