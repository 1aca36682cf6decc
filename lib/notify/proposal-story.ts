import { REDACTED } from "../domain/personal.ts";
import type { WideningState } from "../domain/widening.ts";
import type { Db, Tx } from "../db/client.ts";

/** What happened to a proposal to give more, and what is so of it now. */
export type ProposalStory = {
  readonly changeId: string;
  readonly kind: "widening.proposed" | "widening.approved" | "widening.denied" | "widening.expired";
  readonly at: Date;
  readonly actorId: string | null;
  readonly actorName: string;
  /** What was said with it: why it is proposed, or the note of who decided. */
  readonly why: string | null;
  readonly wideningId: string;
  readonly state: WideningState;
  readonly proposerId: string;
  readonly proposerName: string;
  /** Null when it is not about a role. */
  readonly roleSlug: string | null;
  /** Only when it is about redacting. */
  readonly days: number | null;
  readonly decideBy: Date;
  readonly deciderIds: readonly string[];
};

/** Proposals and their ends after `from`, up to `upTo`, oldest first. */
export async function readProposalStories(
  db: Db | Tx,
  { from, upTo }: { from: bigint; upTo: bigint },
): Promise<ProposalStory[]> {
  return db.$queryRaw<ProposalStory[]>`
    SELECT c.id AS "changeId", c.kind, c.at, c.actor_id AS "actorId", COALESCE(c.actor_name, ${REDACTED}) AS "actorName", c.why,
      w.id AS "wideningId", w.state, p.id AS "proposerId", p.name AS "proposerName", r.slug AS "roleSlug", (w.wanted ->> 'days')::int AS days,
      w.decide_by AS "decideBy", deciders_of(v.owner_group_id) AS "deciderIds"
    FROM change c
      JOIN widening w ON w.id = (c.body::json #>> '{about,widening}')::uuid
      JOIN person p ON p.id = w.proposed_by_id
      LEFT JOIN role r ON r.id = w.role_id
      LEFT JOIN role_version v ON v.role_id = r.id AND v.version = r.current_version
    WHERE c.seq > ${from} AND c.seq <= ${upTo}
      AND c.kind IN ('widening.proposed', 'widening.approved', 'widening.denied', 'widening.expired')
    ORDER BY c.seq`;
}
