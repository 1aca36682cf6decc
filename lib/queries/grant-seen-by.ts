import "server-only";
import { validate as isUuid } from "uuid";
import type { Drift, Seen } from "../domain/binding.ts";
import type { Entitlement, Level } from "../domain/entitlement.ts";
import { isLive } from "../domain/grant.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { grantCards, type GrantCard } from "./grant-cards.ts";
import { grantVisibleTo } from "./grants-seen-by.ts";
import { RECEIPT, type Receipt } from "./receipts.ts";

export type BindingDetail = Omit<Entitlement, "level"> & {
  readonly id: string;
  /** What this grant wants here; null when it wants nothing any more. */
  readonly level: Level | null;
  readonly appliedAt: Date | null;
  readonly goneAt: Date | null;
  /** When it was noted that a hand took it from this grant. */
  readonly takenAt: Date | null;
  /** Who the person is there. */
  readonly account: string | null;
  readonly baseline: Seen | null;
  readonly seen: Seen | null;
  readonly seenAt: Date | null;
  readonly drift: Drift | null;
  readonly tries: number;
  readonly lastError: string | null;
  readonly owedSince: Date | null;
  readonly dueAt: Date | null;
  /** Set while the provider does not answer. */
  readonly connectionDownSince: Date | null;
  readonly otherGrants: number;
};

export type ReceiptRow = Receipt & { readonly bindingId: string };

export type GrantDetail = GrantCard & {
  readonly justification: string;
  readonly redactedAt: Date | null;
  readonly approvers: readonly string[];
  readonly revokedBy: string | null;
  readonly mayRelease: boolean;
  readonly mayRevoke: boolean;
  readonly bindings: readonly BindingDetail[];
  readonly receipts: readonly ReceiptRow[];
  readonly now: Date;
};

type Facts = Pick<GrantDetail, "justification" | "redactedAt" | "approvers" | "revokedBy" | "now"> & { owns: boolean };

/** Null when there is no such grant or it is none of the viewer's business. */
export async function grantSeenBy(viewer: Viewer, grantId: string, { db }: { db: Db }): Promise<GrantDetail | null> {
  if (!isUuid(grantId)) return null;
  const [card] = await grantCards(db, Prisma.sql`g.id = ${grantId}::uuid AND ${grantVisibleTo(viewer)}`, 1);
  if (!card) return null;
  const [facts, bindings, receipts] = await Promise.all([
    readFacts(db, viewer, grantId),
    readBindings(db, grantId),
    readReceipts(db, grantId),
  ]);
  const { owns, ...shown } = facts;
  return {
    ...card,
    ...shown,
    mayRelease: isLive(card.state) && card.personId === viewer.personId,
    mayRevoke: isLive(card.state) && (viewer.isAdmin || owns),
    bindings,
    receipts,
  };
}

async function readFacts(db: Db, viewer: Viewer, grantId: string): Promise<Facts> {
  const [facts] = await db.$queryRaw<[Facts]>`
    SELECT q.justification, q.redacted_at AS "redactedAt", daypass_now() AS now, by.name AS "revokedBy",
      ARRAY(SELECT p.name FROM decision d JOIN person p ON p.id = d.approver_id
        WHERE d.request_id = q.id AND d.verdict = 'approve' ORDER BY d.id) AS approvers,
      ${viewer.personId}::uuid = ANY(owners_of(v.owner_group_id)) AS owns
    FROM access_grant g
      JOIN access_request q ON q.id = g.request_id
      JOIN role r ON r.id = g.role_id
      JOIN role_version v ON v.role_id = r.id AND v.version = r.current_version
      LEFT JOIN person by ON by.id = g.revoked_by_id
    WHERE g.id = ${grantId}::uuid`;
  return facts;
}

async function readBindings(db: Db, grantId: string): Promise<BindingDetail[]> {
  return db.$queryRaw<BindingDetail[]>`
    SELECT b.id, b.connection, b.kind, b.target, gb.level, gb.applied_at AS "appliedAt", gb.gone_at AS "goneAt", gb.taken_at AS "takenAt",
      a.username AS account, b.baseline, b.seen, b.seen_at AS "seenAt", b.drift, b.tries, b.last_error AS "lastError",
      b.owed_since AS "owedSince", b.due_at AS "dueAt", c.down_since AS "connectionDownSince",
      (SELECT count(*)::int FROM grant_binding o JOIN access_grant g ON g.id = o.grant_id
        WHERE o.binding_id = b.id AND o.grant_id <> gb.grant_id AND g.closed_at IS NULL) AS "otherGrants"
    FROM grant_binding gb
      JOIN binding b ON b.id = gb.binding_id
      LEFT JOIN provider_account a ON a.person_id = b.person_id AND a.connection = b.connection
      LEFT JOIN connection c ON c.name = b.connection
    WHERE gb.grant_id = ${grantId}::uuid ORDER BY b.connection DESC, b.target`;
}

/** Receipts of these bindings from the time of this grant: a binding may have served other grants before. */
async function readReceipts(db: Db, grantId: string): Promise<ReceiptRow[]> {
  return db.$queryRaw<ReceiptRow[]>`
    SELECT ${RECEIPT}, x.binding_id AS "bindingId"
    FROM receipt x
      JOIN grant_binding gb ON gb.binding_id = x.binding_id
      JOIN access_grant g ON g.id = gb.grant_id
    WHERE g.id = ${grantId}::uuid AND x.at >= g.starts_at AND (g.closed_at IS NULL OR x.at <= g.closed_at)
    ORDER BY x.id DESC LIMIT 100`;
}
