import "server-only";
import type { Change } from "../domain/change.ts";
import { changeIn } from "../domain/personal.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { fittingChanges } from "./fitting-changes.ts";
import { selectionFilter, type Asked } from "./selection-filter.ts";

/** One entry of the history with its place in the chain. */
export type HistoryEntry = Change & {
  readonly seq: number;
  readonly hash: string;
  /** When the retention policy took its personal fields out. */
  readonly redactedAt: Date | null;
};

export type HistoryFilter = Asked & {
  /** The sequence number of the last entry of the page before. */
  readonly before?: number | undefined;
  readonly limit: number;
};

export type HistoryRow = {
  readonly seq: bigint;
  readonly hash: string;
  readonly body: string;
  readonly redactedAt: Date | null;
};

/** What `toEntry` takes, of a change that is called `c`. */
export const ENTRY = Prisma.sql`c.seq, encode(c.hash, 'hex') AS hash, c.body,
  (SELECT run.at FROM change run WHERE run.id = c.redacted_by) AS "redactedAt"`;

/** Newest first. Everybody sees their own story and that of the roles that they own; admins and auditors see all. */
export async function historySeenBy(
  viewer: Viewer,
  { before, limit, ...asked }: HistoryFilter,
  { db }: { db: Db },
): Promise<HistoryEntry[]> {
  const filter = await selectionFilter(viewer, asked, { db });
  if (!filter) return [];
  const fitting = await fittingChanges(filter, { db });
  const to = before === undefined ? undefined : BigInt(before) - 1n;
  const rows = await db.$queryRaw<HistoryRow[]>`
    SELECT ${ENTRY} FROM change c
    WHERE c.seq IN (${fitting({ order: "newest", to, limit })}) ORDER BY c.seq DESC`;
  return rows.map(toEntry);
}

export function toEntry({ seq, hash, body, redactedAt }: HistoryRow): HistoryEntry {
  return { ...changeIn(body), seq: Number(seq), hash, redactedAt };
}
