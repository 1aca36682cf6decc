import "server-only";
import { validate as isUuid } from "uuid";
import { approvalsThatCount, judgeDecision } from "../domain/request.ts";
import type { RefusalCode } from "../domain/refusals.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { grantCards, type GrantCard } from "./grant-cards.ts";
import { requestRows, type RequestRow } from "./request-rows.ts";
import { visibleTo } from "./visible.ts";

export type RequestDetail = RequestRow & {
  readonly decisions: readonly {
    readonly approverId: string;
    readonly approverName: string;
    readonly verdict: "approve" | "deny";
    readonly minutes: number | null;
    readonly note: string;
    readonly decidedAt: Date;
  }[];
  readonly approvalsNeeded: number;
  /** While it waits: names of those who approved it and could not decide it now, so that their approvals do not count. */
  readonly lapsedApprovers: readonly string[];
  readonly grant: GrantCard | null;
  /** Null when the viewer may decide; otherwise the rule that says no. */
  readonly whyNotDecide: RefusalCode | null;
  readonly mayWithdraw: boolean;
  /** Who the requester is at each connection, for saying exactly what will be done. */
  readonly accounts: Readonly<Record<string, string>>;
  /** The requester's last requests for this role, newest first. */
  readonly earlier: readonly RequestRow[];
  readonly now: Date;
};

type Facts = {
  ownerIds: string[];
  requesterMayAsk: boolean;
  approvalsNeeded: number;
  accounts: Record<string, string>;
  now: Date;
};

/** Null when there is no such request or it is none of the viewer's business. */
export async function requestSeenBy(
  viewer: Viewer,
  requestId: string,
  { db }: { db: Db },
): Promise<RequestDetail | null> {
  if (!isUuid(requestId)) return null;
  const [row] = await requestRows(
    db,
    Prisma.sql`q.id = ${requestId}::uuid AND ${visibleTo(viewer, Prisma.sql`q.requester_id`)}`,
    { limit: 1 },
  );
  if (!row) return null;
  const [facts, decisions, grants, earlier] = await Promise.all([
    readFacts(db, requestId),
    readDecisions(db, requestId),
    grantCards(db, Prisma.sql`g.request_id = ${requestId}::uuid`, 1),
    requestRows(
      db,
      Prisma.sql`q.requester_id = ${row.requesterId}::uuid AND r.slug = ${row.roleSlug} AND q.id < ${requestId}::uuid`,
      { limit: 5 },
    ),
  ]);
  const decidedBy = decisions.map((decision) => decision.approverId);
  const verdict = judgeDecision({ ...row, ...facts, decidedBy }, viewer.personId, facts.now);
  return {
    ...row,
    decisions,
    approvalsNeeded: facts.approvalsNeeded,
    lapsedApprovers: row.state === "PENDING" ? lapsedOf(decisions, facts) : [],
    grant: grants[0] ?? null,
    whyNotDecide: verdict.allowed ? null : verdict.code,
    mayWithdraw: row.state === "PENDING" && row.requesterId === viewer.personId,
    accounts: facts.accounts,
    earlier,
    now: facts.now,
  };
}

function lapsedOf(decisions: RequestDetail["decisions"], facts: Facts): readonly string[] {
  const counting = approvalsThatCount(decisions, facts);
  return decisions.filter((decision) => !counting.includes(decision)).map((decision) => decision.approverName);
}

async function readFacts(db: Db, requestId: string): Promise<Facts> {
  const [facts] = await db.$queryRaw<[Facts]>`
    SELECT owners_of(v.owner_group_id) AS "ownerIds",
      p.deactivated_at IS NULL AND EXISTS (SELECT 1 FROM group_member m
        WHERE m.group_id = v.requester_group_id AND m.person_id = q.requester_id) AS "requesterMayAsk",
      GREATEST(v.approvals_needed, asked.approvals_needed) AS "approvalsNeeded",
      COALESCE((SELECT json_object_agg(a.connection, a.username)
        FROM provider_account a WHERE a.person_id = q.requester_id), '{}') AS accounts,
      daypass_now() AS now
    FROM access_request q
      JOIN person p ON p.id = q.requester_id
      JOIN role r ON r.id = q.role_id
      JOIN role_version v ON v.role_id = r.id AND v.version = r.current_version
      JOIN role_version asked ON asked.id = q.role_version_id
    WHERE q.id = ${requestId}::uuid`;
  return facts;
}

async function readDecisions(db: Db, requestId: string) {
  return db.$queryRaw<RequestDetail["decisions"][number][]>`
    SELECT d.approver_id AS "approverId", p.name AS "approverName", d.verdict, d.minutes, d.note,
      d.decided_at AS "decidedAt"
    FROM decision d JOIN person p ON p.id = d.approver_id
    WHERE d.request_id = ${requestId}::uuid ORDER BY d.id`;
}
