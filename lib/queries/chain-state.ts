import "server-only";
import { createHash } from "node:crypto";
import { canonicalJson, type Change, type Json } from "../domain/change.ts";
import type { Db } from "../db/client.ts";

/** `count` entries are good; `brokenAt` is the first that is not, or is missing, and null when all of them are good. */
export type ChainState = { readonly count: number; readonly brokenAt: number | null };

type Checked = { readonly seq: bigint; readonly hash: Buffer };
type Verified = { readonly end: Checked; readonly brokenAt: number | null };

type Link = {
  readonly seq: bigint;
  readonly body: string;
  readonly contentHash: Uint8Array;
  readonly prevHash: Uint8Array;
  readonly hash: Uint8Array;
  readonly columns: string;
};

const PAGE = 5_000;
const START: Checked = { seq: 0n, hash: Buffer.alloc(32) };

/** How far this process has verified, and the verification under way: many viewers at once share one. */
const verified = new WeakMap<Db, Checked>();
const underWay = new WeakMap<Db, Promise<ChainState>>();

/** The state of the whole chain. What this process has verified before is not read again: the history only grows. */
export function chainState({ db }: { db: Db }): Promise<ChainState> {
  const running = underWay.get(db);
  if (running) return running;
  const started = verifyOn(db, verified.get(db) ?? START).finally(() => underWay.delete(db));
  underWay.set(db, started);
  return started;
}

/** The same from the first entry, whatever was verified before. */
export function wholeChainState({ db }: { db: Db }): Promise<ChainState> {
  verified.delete(db);
  return verifyOn(db, START);
}

async function verifyOn(db: Db, from: Checked): Promise<ChainState> {
  const { end, brokenAt } = await verifyChain(db, from);
  verified.set(db, end);
  return { count: Number(end.seq), brokenAt };
}

/**
 * Recomputes every link after `from`: body → content hash → chain hash, each column against the body, the sequence
 * without gaps, and the last link against the head of the chain, so that a cut-off end is found too. `end` is the last
 * good link.
 */
export async function verifyChain(db: Db, from: Checked = START): Promise<Verified> {
  const [head] = await db.$queryRaw<[{ seq: bigint; hash: Uint8Array }]>`SELECT seq, hash FROM chain_head WHERE id = 1`;
  let end = from;
  for (;;) {
    const links = await readLinks(db, end.seq, head.seq);
    for (const link of links) {
      if (!isNext(end, link)) return { end, brokenAt: Number(end.seq) + 1 };
      end = { seq: link.seq, hash: Buffer.from(link.hash) };
    }
    if (links.length < PAGE) break;
  }
  const isWhole = end.seq === head.seq && end.hash.equals(Buffer.from(head.hash));
  return { end, brokenAt: isWhole ? null : Number(end.seq) + 1 };
}

async function readLinks(db: Db, after: bigint, upTo: bigint): Promise<Link[]> {
  return db.$queryRaw<Link[]>`
    SELECT seq, body, content_hash AS "contentHash", prev_hash AS "prevHash", hash,
      json_build_array(id, kind, actor_kind, actor_id, actor_name, via, person_id, role_id, request_id, grant_id,
        binding_id, cause_id, why, floor(extract(epoch FROM at) * 1000))::text AS columns
    FROM change WHERE seq > ${after} AND seq <= ${upTo} ORDER BY seq LIMIT ${PAGE}`;
}

function isNext(before: Checked, link: Link): boolean {
  const content = createHash("sha256").update(link.body).digest();
  const seq = Buffer.alloc(8);
  seq.writeBigInt64BE(link.seq);
  const hash = createHash("sha256").update(before.hash).update(seq).update(content).digest();
  return (
    link.seq === before.seq + 1n &&
    before.hash.equals(link.prevHash) &&
    content.equals(link.contentHash) &&
    hash.equals(link.hash) &&
    columnsAgree(link)
  );
}

/** The pages filter by the columns, so a column that was changed alone would hide an entry or show it to a stranger. */
function columnsAgree({ body, columns }: Link): boolean {
  const said = changeIn(body);
  if (!said) return false;
  const { actor } = said;
  const expected = [said.id, said.kind, actor.kind, actor.id, actor.name, actor.via, said.personId, said.roleId];
  const rest = [said.requestId, said.grantId, said.bindingId, said.causeId, said.why, Date.parse(said.at)];
  return canonicalJson(JSON.parse(columns) as Json) === canonicalJson([...expected, ...rest]);
}

/** Whoever rewrites a body may leave anything in it; that is a finding, not a fault. */
function changeIn(body: string): Change | null {
  try {
    return JSON.parse(body) as Change;
  } catch {
    return null;
  }
}
