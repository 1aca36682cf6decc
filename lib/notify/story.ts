import { REDACTED } from "../domain/personal.ts";
import type { ChangeKind } from "../domain/change.ts";
import type { Entitlement } from "../domain/entitlement.ts";
import type { RequestState } from "../domain/request.ts";
import type { Db, Tx } from "../db/client.ts";

/** One change about one request, and what is so now of the request and its grant. */
export type Story = {
  readonly changeId: string;
  readonly kind: ChangeKind;
  readonly at: Date;
  /** Null when Daypass or somebody on the host did it. */
  readonly actorId: string | null;
  readonly actorName: string;
  /** The reason given for the change, or for the one that caused it. */
  readonly why: string | null;
  /** The state that the change led to. */
  readonly state: string | null;
  /** Who asks, and holds what is granted. */
  readonly personId: string;
  readonly personName: string;
  readonly personEmail: string;
  readonly roleSlug: string;
  readonly roleName: string;
  readonly ownerGroup: string;
  /** Who may decide about the role now, the requester possibly among them. */
  readonly ownerIds: readonly string[];
  readonly approvalsNeeded: number;
  readonly requestId: string;
  readonly requestState: RequestState;
  readonly minutes: number;
  readonly justification: string;
  readonly ticket: string | null;
  readonly startsAt: Date | null;
  /** Whether it is to go on from a grant without a gap. */
  readonly isExtension: boolean;
  readonly decideBy: Date;
  readonly asked: readonly Entitlement[];
  /** The person's user name at each connection. */
  readonly accounts: Readonly<Record<string, string>>;
  readonly decisions: readonly { readonly name: string; readonly verdict: string; readonly note: string }[];
  readonly grant: StoryGrant | null;
};

export type StoryGrant = {
  readonly id: string;
  readonly minutes: number;
  readonly startsAt: Date;
  /** Null when it was never seen in place. */
  readonly activeAt: Date | null;
  readonly endsAt: Date;
  readonly endingAt: Date | null;
  readonly endReason: string | null;
  /** Who asked for the ending; null when it was the clock, Daypass or the host. */
  readonly endedById: string | null;
  readonly endedByName: string | null;
  /** Another grant of the same role gives the person the same access now. */
  readonly isContinued: boolean;
  readonly places: readonly Entitlement[];
};

type GrantRow = Omit<StoryGrant, "startsAt" | "activeAt" | "endsAt" | "endingAt"> & {
  startsAt: string;
  activeAt: string | null;
  endsAt: string;
  endingAt: string | null;
};

/** The changes of these kinds after `from`, up to `upTo`, oldest first. Those that are about no request are left out. */
export async function readStories(
  db: Db | Tx,
  kinds: readonly ChangeKind[],
  { from, upTo }: { from: bigint; upTo: bigint },
): Promise<Story[]> {
  const rows = await db.$queryRaw<(Omit<Story, "grant"> & { grant: GrantRow | null })[]>`
    SELECT c.id AS "changeId", c.kind, c.at, c.actor_id AS "actorId", COALESCE(c.actor_name, ${REDACTED}) AS "actorName",
      COALESCE(c.why, (SELECT cause.why FROM change cause WHERE cause.id = c.cause_id)) AS why,
      c.body::json #>> '{after,state}' AS state,
      p.id AS "personId", p.name AS "personName", p.email AS "personEmail",
      r.slug AS "roleSlug", v.name AS "roleName", o.path AS "ownerGroup", owners_of(o.id) AS "ownerIds",
      GREATEST(asked_v.approvals_needed, v.approvals_needed) AS "approvalsNeeded",
      q.id AS "requestId", q.state AS "requestState", q.minutes, q.justification, q.ticket, q.starts_at AS "startsAt",
      q.extends_id IS NOT NULL AS "isExtension", q.decide_by AS "decideBy", entitlements_of(q.role_version_id) AS asked,
      COALESCE((SELECT json_object_agg(a.connection, a.username)
        FROM provider_account a WHERE a.person_id = p.id), '{}') AS accounts,
      COALESCE((SELECT json_agg(json_build_object('name', ap.name, 'verdict', d.verdict, 'note', d.note)
          ORDER BY d.decided_at)
        FROM decision d JOIN person ap ON ap.id = d.approver_id WHERE d.request_id = q.id), '[]') AS decisions,
      (SELECT json_build_object('id', g.id, 'minutes', g.minutes, 'startsAt', g.starts_at, 'activeAt', g.active_at,
          'endsAt', g.ends_at, 'endingAt', g.ending_at, 'endReason', g.end_reason, 'endedById', g.revoked_by_id,
          'isContinued', EXISTS (SELECT 1 FROM access_grant other WHERE other.person_id = g.person_id
            AND other.role_id = g.role_id AND other.id <> g.id AND other.state IN ('ACTIVATING', 'ACTIVE')),
          'endedByName', (SELECT e.name FROM person e WHERE e.id = g.revoked_by_id),
          'places', COALESCE((SELECT json_agg(json_build_object('connection', b.connection, 'kind', b.kind,
              'target', b.target, 'level', gb.level) ORDER BY b.connection DESC, b.kind, b.target)
            FROM grant_binding gb JOIN binding b ON b.id = gb.binding_id
            WHERE gb.grant_id = g.id AND gb.level IS NOT NULL), '[]'))
        FROM access_grant g WHERE g.request_id = q.id) AS "grant"
    FROM change c
      JOIN access_request q ON q.id = c.request_id
      JOIN person p ON p.id = q.requester_id
      JOIN role r ON r.id = q.role_id
      JOIN role_version asked_v ON asked_v.id = q.role_version_id
      JOIN role_version v ON v.role_id = r.id AND v.version = r.current_version
      JOIN access_group o ON o.id = v.owner_group_id
    WHERE c.seq > ${from} AND c.seq <= ${upTo} AND c.kind = ANY(${kinds}::text[])
    ORDER BY c.seq`;
  return rows.map((row) => ({ ...row, grant: row.grant && grantOf(row.grant) }));
}

function grantOf(row: GrantRow): StoryGrant {
  return {
    ...row,
    startsAt: new Date(row.startsAt),
    activeAt: momentOf(row.activeAt),
    endsAt: new Date(row.endsAt),
    endingAt: momentOf(row.endingAt),
  };
}

function momentOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
