import "server-only";
import type { Change } from "../domain/change.ts";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { ownedGroups } from "./visible.ts";

/** One entry of the history with its place in the chain. */
export type HistoryEntry = Change & { readonly seq: number; readonly hash: string };

export type HistoryFilter = {
  readonly role?: string | undefined;
  readonly person?: string | undefined;
  readonly actor?: string | undefined;
  readonly kind?: string | undefined;
  readonly request?: string | undefined;
  readonly grant?: string | undefined;
  /** The sequence number of the last entry of the page before. */
  readonly before?: number | undefined;
  readonly limit: number;
};

type Row = { seq: bigint; hash: Uint8Array; body: string };

/** Newest first. Everybody sees their own story and that of the roles that they own; admins and auditors see all. */
export async function historySeenBy(
  viewer: Viewer,
  filter: HistoryFilter,
  { db }: { db: Db },
): Promise<HistoryEntry[]> {
  const conditions = [
    visibleChange(viewer),
    ...(filter.before === undefined ? [] : [Prisma.sql`c.seq < ${filter.before}`]),
    ...(filter.role ? [Prisma.sql`c.role_id = (SELECT id FROM role WHERE slug = ${filter.role})`] : []),
    ...(filter.person ? [Prisma.sql`c.person_id = ${filter.person}::uuid`] : []),
    ...(filter.actor ? [Prisma.sql`c.actor_id = ${filter.actor}::uuid`] : []),
    ...(filter.kind ? [Prisma.sql`c.kind = ${filter.kind}`] : []),
    ...(filter.request ? [Prisma.sql`c.request_id = ${filter.request}::uuid`] : []),
    ...(filter.grant ? [Prisma.sql`c.grant_id = ${filter.grant}::uuid`] : []),
  ];
  const rows = await db.$queryRaw<Row[]>`
    SELECT c.seq, c.hash, c.body FROM change c
    WHERE ${Prisma.join(conditions, " AND ")} ORDER BY c.seq DESC LIMIT ${filter.limit}`;
  return rows.map(toEntry);
}

/** One entry, what caused it and what it caused. Null when there is none that the viewer may see. */
export async function historyEntry(
  viewer: Viewer,
  seq: number,
  { db }: { db: Db },
): Promise<{ entry: HistoryEntry; cause: HistoryEntry | null; caused: HistoryEntry[] } | null> {
  const find = async (where: Prisma.Sql) => {
    const rows = await db.$queryRaw<Row[]>`
      SELECT c.seq, c.hash, c.body FROM change c WHERE ${visibleChange(viewer)} AND ${where} ORDER BY c.seq LIMIT 50`;
    return rows.map(toEntry);
  };
  const [entry] = await find(Prisma.sql`c.seq = ${seq}`);
  if (!entry) return null;
  const [causes, caused] = await Promise.all([
    entry.causeId ? find(Prisma.sql`c.id = ${entry.causeId}::uuid`) : [],
    find(Prisma.sql`c.cause_id = ${entry.id}::uuid`),
  ]);
  return { entry, cause: causes[0] ?? null, caused };
}

function visibleChange(viewer: Viewer): Prisma.Sql {
  if (seesAll(viewer)) return Prisma.sql`true`;
  return Prisma.sql`(c.person_id = ${viewer.personId}::uuid OR c.actor_id = ${viewer.personId}::uuid
    OR c.role_id IN (SELECT v.role_id FROM role r
      JOIN role_version v ON v.role_id = r.id AND v.version = r.current_version
      WHERE v.owner_group_id IN ${ownedGroups(viewer)}))`;
}

function toEntry({ seq, hash, body }: Row): HistoryEntry {
  return { ...(JSON.parse(body) as Change), seq: Number(seq), hash: Buffer.from(hash).toString("hex") };
}
