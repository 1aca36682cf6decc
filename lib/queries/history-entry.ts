import "server-only";
import type { ChangeKind, Json } from "../domain/change.ts";
import { WRITES } from "../domain/evidence.ts";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { ENTRY, toEntry, type HistoryEntry, type HistoryRow } from "./history-seen-by.ts";
import { accessReceipt, type AccessReceipt } from "./receipts.ts";
import { ownedRoles } from "./visible.ts";

export type HistoryEntryDetail = {
  readonly entry: HistoryEntry;
  readonly cause: HistoryEntry | null;
  /** In order, at most `CAUSED_MAX`. */
  readonly caused: readonly HistoryEntry[];
  /** What the groups and people that the entry names by id are called now. */
  readonly names: Readonly<Record<string, string>>;
  /** The proof that the entry names. */
  readonly receipt: AccessReceipt | null;
};

export const CAUSED_MAX = 100;

/** One entry, what caused it and what it caused. Null when there is none that the viewer may see. */
export async function historyEntry(
  viewer: Viewer,
  seq: number,
  { db }: { db: Db },
): Promise<HistoryEntryDetail | null> {
  const [entry] = await visibleEntries(db, viewer, Prisma.sql`c.seq = ${seq}::bigint`);
  if (!entry) return null;
  const [causes, caused, names, receipt] = await Promise.all([
    visibleEntries(db, viewer, isCauseOf(entry)),
    visibleEntries(db, viewer, Prisma.sql`c.cause_id = ${entry.id}::uuid`),
    namesIn(db, [entry.before, entry.after]),
    typeof entry.about.receipt === "string" ? accessReceipt(entry.about.receipt, { db }) : null,
  ]);
  return { entry, cause: causes[0] ?? null, caused, names, receipt };
}

const MOVES: readonly ChangeKind[] = [
  "grant.scheduled",
  "grant.activating",
  "grant.narrowed",
  "grant.ending",
  "grant.revoking",
  "grant.failed",
];

/** What an entry names as its cause; for what was done at a provider for one grant, what that grant last came to. */
function isCauseOf({ seq, kind, causeId, grantId }: HistoryEntry): Prisma.Sql {
  if (causeId) return Prisma.sql`c.id = ${causeId}::uuid`;
  if (!grantId || !WRITES.includes(kind)) return Prisma.sql`false`;
  return Prisma.sql`c.seq = (SELECT max(seq) FROM change
    WHERE grant_id = ${grantId}::uuid AND seq < ${seq}::bigint AND kind = ANY(${MOVES}))`;
}

async function visibleEntries(db: Db, viewer: Viewer, where: Prisma.Sql): Promise<HistoryEntry[]> {
  const rows = await db.$queryRaw<HistoryRow[]>`
    SELECT ${ENTRY} FROM change c
    WHERE ${where} AND ${visibleChange(viewer)} ORDER BY c.seq LIMIT ${CAUSED_MAX}`;
  return rows.map(toEntry);
}

function visibleChange(viewer: Viewer): Prisma.Sql {
  if (seesAll(viewer)) return Prisma.sql`true`;
  const { personId } = viewer;
  return Prisma.sql`(c.person_id = ${personId}::uuid OR c.actor_id = ${personId}::uuid
    OR c.role_id IN (SELECT owned.id FROM ${ownedRoles(personId)} AS owned))`;
}

async function namesIn(db: Db, sides: readonly Json[]): Promise<Record<string, string>> {
  const ids = [...new Set(sides.flatMap(idsIn))];
  if (ids.length === 0) return {};
  const rows = await db.$queryRaw<{ id: string; name: string }[]>`
    SELECT id, path AS name FROM access_group WHERE id = ANY(${ids}::uuid[])
    UNION ALL SELECT id, name FROM person WHERE id = ANY(${ids}::uuid[])`;
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]));
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function idsIn(value: Json): string[] {
  if (typeof value === "string") return UUID.test(value) ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(idsIn) : [];
}
