import type { KeyObject } from "node:crypto";
import { isCanonicalJson, type Json, type StoredChange } from "../domain/change.ts";
import { valueAt } from "../domain/personal.ts";
import { isSigned, keyId, openPublicKey } from "../proof/checkpoint.ts";
import { contentHash } from "../proof/committed.ts";
import { GENESIS, nextPoint, sameBytes, type Point } from "../proof/link.ts";
import type { Db } from "./client.ts";

export type Verified = {
  /** The last good entry. */
  readonly end: Point;
  /** The first entry that is wrong or missing; null when all are good. */
  readonly brokenAt: number | null;
};

type Link = {
  readonly seq: bigint;
  readonly body: string;
  readonly contentHash: Uint8Array;
  readonly prevHash: Uint8Array;
  readonly hash: Uint8Array;
  readonly columns: string;
  /** The run that is said to have redacted it. */
  readonly redactedBy: string | null;
  /** The checkpoint at this entry, when there is one. */
  readonly signed: Signed | null;
};

type Signed = {
  readonly hash: string;
  readonly previous: number | null;
  readonly before: number | null;
  readonly at: number;
  readonly key: string;
  readonly publicKey: string;
  readonly signature: string;
};

/** Small enough for a process that does other things too. */
const PAGE = 1_000;

/**
 * Recomputes every link after `from`: canonical body → committed form → content hash → chain hash, each column against the
 * body, that a redacted entry is covered by a run that announced itself, the sequence without gaps, each checkpoint's
 * signature, and the last link against the head of the chain, so that a cut-off end is found too. `end` is the last good
 * link.
 */
export async function verifyChain(db: Db, from: Point = GENESIS): Promise<Verified> {
  const head = await readHead(db);
  let end = from;
  // Told of last: it may be the announcement that was tampered with, and then that is the entry to name.
  let beforeUnannounced: Point | null = null;
  for (;;) {
    const links = await readLinks(db, end.seq, head.seq);
    const announced = await readAnnounced(db, links);
    for (const link of links) {
      if (!isNext(end, link)) return brokenAfter(end);
      if (!isAnnounced(link, announced)) beforeUnannounced ??= end;
      end = { seq: link.seq, hash: link.hash };
    }
    if (links.length < PAGE) break;
  }
  const isWhole = end.seq === head.seq && sameBytes(end.hash, head.hash) && !head.isPassed;
  if (!isWhole) return brokenAfter(end);
  return beforeUnannounced ? brokenAfter(beforeUnannounced) : { end, brokenAt: null };
}

function brokenAfter(end: Point): Verified {
  return { end, brokenAt: Number(end.seq) + 1 };
}

/** One statement, so that what is beyond the end is not merely newer than it. */
async function readHead(db: Db): Promise<Point & { isPassed: boolean }> {
  const [head] = await db.$queryRaw<[Point & { isPassed: boolean }]>`
    SELECT h.seq, h.hash, EXISTS (SELECT FROM change c WHERE c.seq > h.seq OR c.seq < 1)
      OR EXISTS (SELECT FROM checkpoint p WHERE p.seq > h.seq OR p.seq < 1) AS "isPassed"
    FROM chain_head h WHERE h.id = 1`;
  return head;
}

async function readLinks(db: Db, after: bigint, upTo: bigint): Promise<Link[]> {
  return db.$queryRaw<Link[]>`
    SELECT c.seq, c.body, c.content_hash AS "contentHash", c.prev_hash AS "prevHash", c.hash,
      json_build_array(c.id, c.kind, c.actor_kind, c.actor_id, c.actor_name, c.via, c.person_id, c.role_id, c.request_id,
        c.grant_id, c.binding_id, c.cause_id, c.why, floor(extract(epoch FROM c.at) * 1000))::text AS columns,
      c.redacted_by AS "redactedBy",
      CASE WHEN p.seq IS NULL THEN NULL ELSE json_build_object('hash', encode(p.hash, 'hex'), 'previous', p.previous,
        'before', (SELECT max(o.seq) FROM checkpoint o WHERE o.seq < p.seq),
        'at', floor(extract(epoch FROM p.at) * 1000), 'key', p.key_id,
        'publicKey', encode(k.public_key, 'hex'), 'signature', encode(p.signature, 'hex')) END AS signed
    FROM change c
      LEFT JOIN checkpoint p ON p.seq = c.seq
      LEFT JOIN signing_key k ON k.id = p.key_id
    WHERE c.seq > ${after} AND c.seq <= ${upTo} ORDER BY c.seq LIMIT ${PAGE}`;
}

function isNext(before: Point, link: Link): boolean {
  const said = changeIn(link.body);
  const content = said && contentHash(link.body, said);
  if (!said || !content) return false;
  const next = nextPoint(before, content);
  return (
    link.seq === next.seq &&
    sameBytes(before.hash, link.prevHash) &&
    sameBytes(content, link.contentHash) &&
    sameBytes(next.hash, link.hash) &&
    columnsAgree(said, link) &&
    (said.commitments === undefined) === (link.redactedBy === null) &&
    (link.signed === null || isSignedHere(next, link.signed))
  );
}

/** The pages filter by the columns, so a column that was changed alone would hide an entry or show it to a stranger. */
function columnsAgree(said: StoredChange, { columns }: Link): boolean {
  const { actor } = said;
  const [name, why] = [valueAt(said, "/actor/name") ?? null, valueAt(said, "/why") ?? null];
  const expected = [said.id, said.kind, actor.kind, actor.id, name, actor.via, said.personId, said.roleId];
  const rest = [said.requestId, said.grantId, said.bindingId, said.causeId, why, Date.parse(said.at)];
  const kept = JSON.parse(columns) as Json[];
  return [...expected, ...rest].every((value, i) => value === kept[i]);
}

/** Up to which entry the runs go that these entries name. What is no announcement announces nothing. */
async function readAnnounced(db: Db, links: readonly Link[]): Promise<ReadonlyMap<string, number>> {
  const ids = [...new Set(links.flatMap(({ redactedBy }) => redactedBy ?? []))];
  if (ids.length === 0) return new Map();
  const runs = await db.change.findMany({ where: { id: { in: ids }, kind: "history.redacted" } });
  return new Map(runs.map(({ id, body }) => [id, upToIn(changeIn(body)?.after)]));
}

function upToIn(after: Json | undefined): number {
  const upTo = typeof after === "object" && after !== null && "upTo" in after ? after.upTo : null;
  return typeof upTo === "number" ? upTo : 0;
}

/** No hash shows that a name was taken out; that no run said it would be does. */
function isAnnounced({ seq, redactedBy }: Link, announced: ReadonlyMap<string, number>): boolean {
  return redactedBy === null || seq <= (announced.get(redactedBy) ?? 0);
}

/**
 * Whoever rewrites a body may leave anything in it; that is a finding, not a fault. What is not canonical could not be
 * hashed again from what it says.
 */
function changeIn(body: string): StoredChange | null {
  try {
    const said = JSON.parse(body) as StoredChange;
    return isCanonicalJson(body, said) ? said : null;
  } catch {
    return null;
  }
}

function isSignedHere({ seq, hash }: Point, signed: Signed): boolean {
  const publicKey = Buffer.from(signed.publicKey, "hex");
  const { previous, key } = signed;
  const checkpoint = { seq: Number(seq), hash: Buffer.from(hash).toString("hex"), previous, key };
  const at = new Date(signed.at).toISOString();
  const signature = Buffer.from(signed.signature, "hex").toString("base64url");
  return (
    signed.hash === checkpoint.hash &&
    previous === signed.before &&
    keyId(publicKey) === key &&
    isSigned({ ...checkpoint, at, signature }, opened(publicKey))
  );
}

const keys = new Map<string, KeyObject>();

function opened(publicKey: Buffer): KeyObject {
  const known = keys.get(publicKey.toString("hex"));
  if (known) return known;
  const key = openPublicKey(publicKey);
  keys.set(publicKey.toString("hex"), key);
  return key;
}
