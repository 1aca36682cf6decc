import type { RoleSpec } from "../domain/role.ts";
import type { ProposedRetention, WideningCase, WideningKind } from "../domain/widening.ts";
import type { Tx } from "./client.ts";

/** One widening as a decision about it needs it: as it was proposed, and as the role and the people are now. */
export type WideningRow = WideningCase & {
  readonly id: string;
  readonly kind: WideningKind;
  readonly revision: number;
  readonly roleId: string | null;
  readonly roleSlug: string | null;
  /** The whole role, or the retention; null for "four-eyes". */
  readonly wanted: RoleSpec | ProposedRetention | null;
  readonly days: number | null;
  readonly restores: number | null;
  readonly reason: string;
  readonly proposerName: string;
  readonly changeId: string;
  readonly now: Date;
};

/** Read after its role was locked, so that it stays as it is until commit. */
export async function readWideningCase(tx: Tx, id: string): Promise<WideningRow | null> {
  const rows = await tx.$queryRaw<WideningRow[]>`
    SELECT w.id, w.kind, w.state, w.revision, w.role_id AS "roleId", r.slug AS "roleSlug", w.wanted,
      (w.wanted ->> 'days')::int AS days, w.restores,
      w.reason, w.decide_by AS "decideBy", w.change_id AS "changeId", p.id AS "proposerId", p.name AS "proposerName",
      p.id = ANY(deciders_of(v.owner_group_id)) AS "proposerMay", deciders_of(v.owner_group_id) AS "deciderIds",
      w.base_version IS DISTINCT FROM r.current_version AS "isStale", daypass_now() AS now
    FROM widening w
      JOIN person p ON p.id = w.proposed_by_id
      LEFT JOIN role r ON r.id = w.role_id
      LEFT JOIN role_version v ON v.role_id = r.id AND v.version = r.current_version
    WHERE w.id = ${id}::uuid`;
  return rows[0] ?? null;
}
