import "server-only";
import { createHash } from "node:crypto";
import { canonicalJson, type Change, type Json } from "../domain/change.ts";
import type { Db } from "../db/client.ts";

export type ChainState = { readonly count: number; readonly brokenAt: number | null };

type Link = {
  seq: bigint;
  body: string;
  contentHash: Uint8Array;
  prevHash: Uint8Array;
  hash: Uint8Array;
  columns: string;
};
type Checked = { seq: bigint; hash: Buffer };

const PAGE = 5_000;
const START: Checked = { seq: 0n, hash: Buffer.alloc(32) };

let checked: Checked = START;

/** The state of the whole chain. What this process has verified before is not read again: the history only grows. */
export async function chainState({ db }: { db: Db }): Promise<ChainState> {
  const result = await verifyChain(db, checked);
  if (result.brokenAt === null) checked = result.end;
  return { count: Number(result.end.seq), brokenAt: result.brokenAt };
}

/**
 * Recomputes every link after `from`: body → content hash → chain hash, each column against the body, the sequence
 * without gaps, and the last link against the head of the chain, so that a cut-off end is found too.
 */
export async function verifyChain(db: Db, from: Checked = START): Promise<{ end: Checked; brokenAt: number | null }> {
  const [head] = await db.$queryRaw<[{ seq: bigint; hash: Uint8Array }]>`SELECT seq, hash FROM chain_head WHERE id = 1`;
  let end = from;
  for (;;) {
    const links = await db.$queryRaw<Link[]>`
      SELECT seq, body, content_hash AS "contentHash", prev_hash AS "prevHash", hash,
        json_build_array(id, kind, actor_kind, actor_id, actor_name, via, person_id, role_id, request_id, grant_id,
          binding_id, cause_id, why, floor(extract(epoch FROM at) * 1000))::text AS columns
      FROM change WHERE seq > ${end.seq} AND seq <= ${head.seq} ORDER BY seq LIMIT ${PAGE}`;
    for (const link of links) {
      if (!isNext(end, link)) return { end, brokenAt: Number(end.seq) + 1 };
      end = { seq: link.seq, hash: Buffer.from(link.hash) };
    }
    if (links.length < PAGE) break;
  }
  const isWhole = end.seq === head.seq && end.hash.equals(Buffer.from(head.hash));
  return { end, brokenAt: isWhole ? null : Number(end.seq) + 1 };
}

function isNext(before: Checked, link: Link): boolean {
  const content = createHash("sha256").update(link.body).digest();
  const seq = Buffer.alloc(8);
  seq.writeBigInt64BE(link.seq);
  const hash = createHash("sha256").update(before.hash).update(seq).update(content).digest();
  return (
    link.seq === before.seq + 1n &&
    before.hash.equals(Buffer.from(link.prevHash)) &&
    content.equals(Buffer.from(link.contentHash)) &&
    hash.equals(Buffer.from(link.hash)) &&
    columnsAgree(link)
  );
}

function columnsAgree({ body, columns }: Link): boolean {
  const said = JSON.parse(body) as Change;
  const { actor } = said;
  const expected = [said.id, said.kind, actor.kind, actor.id, actor.name, actor.via, said.personId, said.roleId];
  const rest = [said.requestId, said.grantId, said.bindingId, said.causeId, said.why, Date.parse(said.at)];
  return canonicalJson(JSON.parse(columns) as Json) === canonicalJson([...expected, ...rest]);
}
