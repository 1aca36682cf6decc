import { createHash } from "node:crypto";

/** One place in the chain: how far it goes, and the hash there. */
export type Point = { readonly seq: bigint; readonly hash: Uint8Array };

/** Where the chain begins. */
export const GENESIS: Point = { seq: 0n, hash: Buffer.alloc(32) };

/** SHA-256(previous hash || sequence number as 8 bytes, big-endian || content hash), as the database chains it. */
export function nextPoint(before: Point, content: Uint8Array): Point {
  const seq = before.seq + 1n;
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(seq);
  return { seq, hash: createHash("sha256").update(before.hash).update(bytes).update(content).digest() };
}

export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
