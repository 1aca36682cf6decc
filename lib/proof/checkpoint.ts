import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from "node:crypto";
import { canonicalJson } from "../domain/change.ts";

/** What a signature says: the chain has exactly this hash at `seq`. Times are ISO 8601, hashes hex, ids those of keys. */
export type Checkpoint = {
  readonly seq: number;
  readonly hash: string;
  /** The checkpoint before this one, so that none can be taken out; null for the first. */
  readonly previous: number | null;
  readonly at: string;
  readonly key: string;
};

/** The signature in base64url. */
export type SignedCheckpoint = Checkpoint & { readonly signature: string };

export type SigningKey = {
  readonly id: string;
  /** The 32 bytes of the Ed25519 public key. */
  readonly publicKey: Buffer;
  readonly sign: (checkpoint: Omit<Checkpoint, "key">) => SignedCheckpoint;
};

/** DER of an Ed25519 key up to its 32 bytes (RFC 8410). */
const PRIVATE_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const PUBLIC_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/** The key that 32 secret bytes in base64 stand for. @throws when it is anything else */
export function openSigningKey(secret: string): SigningKey {
  const seed = Buffer.from(secret, "base64");
  if (seed.length !== 32) throw new Error("a signing key is 32 bytes in base64");
  const privateKey = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(PUBLIC_PREFIX.length);
  const id = keyId(publicKey);
  return {
    id,
    publicKey,
    sign(checkpoint) {
      const signed = { ...checkpoint, key: id };
      return { ...signed, signature: sign(null, textOf(signed), privateKey).toString("base64url") };
    },
  };
}

/** The public key from its 32 bytes. @throws when there are not 32 */
export function openPublicKey(bytes: Uint8Array): KeyObject {
  if (bytes.length !== 32) throw new Error("a public key is 32 bytes");
  return createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, bytes]), format: "der", type: "spki" });
}

/** The first 16 hex digits of the SHA-256 of a public key's 32 bytes. */
export function keyId(publicKey: Uint8Array): string {
  return createHash("sha256").update(publicKey).digest("hex").slice(0, 16);
}

/** Whether exactly this checkpoint was signed with this key. */
export function isSigned({ signature, ...checkpoint }: SignedCheckpoint, publicKey: KeyObject): boolean {
  return verify(null, textOf(checkpoint), publicKey, Buffer.from(signature, "base64url"));
}

/** What is signed: the canonical JSON (RFC 8785) of these fields. */
function textOf({ seq, hash, previous, at, key }: Checkpoint): Buffer {
  return Buffer.from(canonicalJson({ daypass: "checkpoint", version: 1, seq, hash, previous, at, key }));
}
