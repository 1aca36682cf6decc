import "server-only";
import { validate as isUuid } from "uuid";
import type { RefusalCode } from "../domain/refusals.ts";
import type { RoleSpec } from "../domain/role.ts";
import { differences, type Difference } from "../domain/role-difference.ts";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import {
  judgeWideningApproval,
  judgeWideningWithdrawal,
  type ProposedRetention,
  type WideningKind,
  type WideningState,
} from "../domain/widening.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { readRoleVersion } from "../db/read-role-version.ts";
import { groupNames } from "./effects.ts";
import { ownedGroups } from "./visible.ts";

/** What was proposed to give more, as the viewer may see it. */
export type WideningRow = {
  readonly id: string;
  readonly kind: WideningKind;
  readonly state: WideningState;
  readonly roleSlug: string | null;
  readonly roleName: string | null;
  readonly baseVersion: number | null;
  /** Only when it is about redacting. */
  readonly days: number | null;
  readonly reason: string;
  readonly proposerId: string;
  readonly proposerName: string;
  readonly createdAt: Date;
  readonly decideBy: Date;
  readonly closedAt: Date | null;
  readonly decidedBy: string | null;
  readonly note: string;
  /** Names of those who may decide it now. */
  readonly deciders: readonly string[];
  /** What it would add to the version that it was proposed against. */
  readonly differences: readonly Difference[];
  /** Null when the viewer may decide it. */
  readonly whyNotDecide: RefusalCode | null;
  readonly mayWithdraw: boolean;
  readonly now: Date;
};

type Raw = Omit<WideningRow, "differences" | "whyNotDecide" | "mayWithdraw"> & {
  readonly roleId: string | null;
  readonly wanted: RoleSpec | ProposedRetention | null;
  readonly deciderIds: readonly string[];
  readonly proposerMay: boolean;
  readonly isStale: boolean;
};

/** Null when there is none or it is none of the viewer's business. */
export async function wideningSeenBy(viewer: Viewer, id: string, { db }: { db: Db }): Promise<WideningRow | null> {
  if (!isUuid(id)) return null;
  const [row] = await rows(db, viewer, Prisma.sql`w.id = ${id}::uuid AND ${visible(viewer)}`, 1);
  return row ?? null;
}

type Page = { readonly limit: number; readonly before?: string | undefined };

/** Newest first. */
export async function wideningsSeenBy(
  viewer: Viewer,
  { limit, before }: Page,
  { db }: { db: Db },
): Promise<WideningRow[]> {
  const next = before === undefined ? Prisma.sql`true` : Prisma.sql`w.id < ${before}::uuid`;
  return rows(db, viewer, Prisma.sql`${visible(viewer)} AND ${next}`, limit);
}

/** What waits for this viewer as the second person, newest first. */
export async function wideningsAwaiting(
  viewer: Viewer,
  { limit, before }: Page,
  { db }: { db: Db },
): Promise<WideningRow[]> {
  const next = before === undefined ? Prisma.sql`true` : Prisma.sql`w.id < ${before}::uuid`;
  return rows(db, viewer, Prisma.sql`${awaits(viewer)} AND ${next}`, limit);
}

/** What the viewer decided, newest first. */
export async function wideningsDecidedBy(viewer: Viewer, limit: number, { db }: { db: Db }): Promise<WideningRow[]> {
  return rows(db, viewer, Prisma.sql`w.decided_by_id = ${viewer.personId}::uuid`, limit);
}

export async function countWideningsAwaiting(viewer: Viewer, { db }: { db: Db }): Promise<number> {
  const [row] = await db.$queryRaw<[{ count: number }]>`
    SELECT count(*)::int AS count FROM ${WIDENINGS} WHERE ${awaits(viewer)}`;
  return row.count;
}

const WIDENINGS = Prisma.sql`widening w
  LEFT JOIN role r ON r.id = w.role_id
  LEFT JOIN role_version v ON v.role_id = r.id AND v.version = r.current_version`;

function visible(viewer: Viewer): Prisma.Sql {
  if (seesAll(viewer)) return Prisma.sql`true`;
  return Prisma.sql`(w.proposed_by_id = ${viewer.personId}::uuid OR v.owner_group_id IN ${ownedGroups(viewer)})`;
}

function awaits(viewer: Viewer): Prisma.Sql {
  const decides = viewer.isAdmin ? Prisma.sql`true` : Prisma.sql`v.owner_group_id IN ${ownedGroups(viewer)}`;
  return Prisma.sql`w.state = 'PENDING' AND w.decide_by > daypass_now()
    AND w.proposed_by_id <> ${viewer.personId}::uuid AND ${decides}`;
}

async function rows(db: Db, viewer: Viewer, where: Prisma.Sql, limit: number): Promise<WideningRow[]> {
  const found = await db.$queryRaw<Raw[]>`
    SELECT w.id, w.kind, w.state, w.role_id AS "roleId", r.slug AS "roleSlug", v.name AS "roleName",
      w.base_version AS "baseVersion", w.wanted, (w.wanted ->> 'days')::int AS days, w.reason, p.id AS "proposerId", p.name AS "proposerName",
      w.created_at AS "createdAt", w.decide_by AS "decideBy", w.closed_at AS "closedAt", w.note,
      (SELECT d.name FROM person d WHERE d.id = w.decided_by_id) AS "decidedBy",
      deciders_of(v.owner_group_id) AS "deciderIds", p.id = ANY(deciders_of(v.owner_group_id)) AS "proposerMay",
      ARRAY(SELECT o.name FROM person o WHERE o.id = ANY(deciders_of(v.owner_group_id)) AND o.id <> p.id
        ORDER BY o.name) AS deciders,
      w.base_version IS DISTINCT FROM r.current_version AS "isStale", daypass_now() AS now
    FROM ${WIDENINGS} JOIN person p ON p.id = w.proposed_by_id
    WHERE ${where} ORDER BY w.id DESC LIMIT ${limit}`;
  return Promise.all(found.map((raw) => rowOf(db, viewer, raw)));
}

async function rowOf(db: Db, viewer: Viewer, raw: Raw): Promise<WideningRow> {
  const { roleId: _roleId, wanted: _wanted, deciderIds: _ids, proposerMay: _may, isStale: _stale, ...shown } = raw;
  const verdict = judgeWideningApproval(raw, viewer.personId, raw.now);
  return {
    ...shown,
    differences: await differencesOf(db, raw),
    whyNotDecide: verdict.allowed ? null : verdict.code,
    mayWithdraw: judgeWideningWithdrawal(raw, viewer.personId).allowed,
  };
}

const SWITCHING_OFF: Difference = { what: "Second person for widening", before: "needed", after: "not needed" };

function redacting({ before, days }: ProposedRetention): Difference {
  const words = (kept: number | null) => (kept === null ? "for ever" : `${kept} days, then redacted for good`);
  return { what: "Personal fields of what is over are kept", before: words(before), after: words(days) };
}

async function differencesOf(db: Db, { roleId, baseVersion, wanted }: Raw): Promise<Difference[]> {
  if (wanted && "days" in wanted) return [redacting(wanted)];
  const base = roleId === null || baseVersion === null ? null : await readRoleVersion(db, roleId, baseVersion);
  if (!base || !wanted) return [SWITCHING_OFF];
  const groups = [base, wanted].flatMap((side) => [side.ownerGroupId, side.requesterGroupId]);
  return differences(base, wanted, await groupNames(db, groups));
}
