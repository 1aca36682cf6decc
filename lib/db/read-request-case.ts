import type { Entitlement } from "../domain/entitlement.ts";
import type { RequestState } from "../domain/request.ts";
import type { Tx } from "./client.ts";

/** One request as a decision about it needs it: as it was asked, and as the role and the people are now. */
export type RequestCase = {
  readonly id: string;
  readonly state: RequestState;
  readonly revision: number;
  readonly minutes: number;
  readonly startsAt: Date | null;
  readonly decideBy: Date;
  readonly requesterId: string;
  readonly requesterName: string;
  readonly requesterMayAsk: boolean;
  readonly roleId: string;
  readonly roleSlug: string;
  readonly roleVersionId: string;
  readonly pinned: readonly Entitlement[];
  readonly current: readonly Entitlement[];
  readonly ownerIds: readonly string[];
  readonly approvalsNeeded: number;
  readonly decisions: readonly { readonly approverId: string; readonly minutes: number }[];
  readonly now: Date;
};

/**
 * Holds the role still until commit, so that no version is published between what is judged and what is granted. A
 * publication that commits while we wait for it makes the row vanish from this statement's snapshot; the second look
 * sees the new version.
 */
export async function readRequestCase(tx: Tx, requestId: string): Promise<RequestCase | null> {
  return (await look(tx, requestId)) ?? (await look(tx, requestId));
}

async function look(tx: Tx, requestId: string): Promise<RequestCase | null> {
  const rows = await tx.$queryRaw<RequestCase[]>`
    SELECT q.id, q.state, q.revision, q.minutes, q.starts_at AS "startsAt", q.decide_by AS "decideBy",
      q.requester_id AS "requesterId", p.name AS "requesterName",
      p.deactivated_at IS NULL AND EXISTS (SELECT 1 FROM group_member m
        WHERE m.group_id = now_v.requester_group_id AND m.person_id = q.requester_id) AS "requesterMayAsk",
      q.role_id AS "roleId", r.slug AS "roleSlug", q.role_version_id AS "roleVersionId",
      entitlements_of(q.role_version_id) AS pinned,
      entitlements_of(now_v.id) AS current,
      owners_of(now_v.owner_group_id) AS "ownerIds",
      GREATEST(asked_v.approvals_needed, now_v.approvals_needed) AS "approvalsNeeded",
      COALESCE((SELECT json_agg(json_build_object('approverId', d.approver_id, 'minutes', d.minutes))
        FROM decision d WHERE d.request_id = q.id), '[]') AS decisions,
      daypass_now() AS now
    FROM access_request q
      JOIN person p ON p.id = q.requester_id
      JOIN role r ON r.id = q.role_id
      JOIN role_version asked_v ON asked_v.id = q.role_version_id
      JOIN role_version now_v ON now_v.role_id = r.id AND now_v.version = r.current_version
    WHERE q.id = ${requestId}::uuid
    FOR SHARE OF r`;
  return rows[0] ?? null;
}
