import "server-only";
import type { Change } from "../domain/change.ts";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { ownedRoles } from "./visible.ts";

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

export type HistoryRow = { readonly seq: bigint; readonly hash: string; readonly body: string };

/** Newest first. Everybody sees their own story and that of the roles that they own; admins and auditors see all. */
export async function historySeenBy(
  viewer: Viewer,
  filter: HistoryFilter,
  { db }: { db: Db },
): Promise<HistoryEntry[]> {
  const fits = fitting(filter);
  const rows = seesAll(viewer)
    ? await db.$queryRaw<HistoryRow[]>`
        SELECT c.seq, encode(c.hash, 'hex') AS hash, c.body FROM change c
        WHERE ${fits} ORDER BY c.seq DESC LIMIT ${filter.limit}`
    : await db.$queryRaw<HistoryRow[]>`
        SELECT c.seq, encode(c.hash, 'hex') AS hash, c.body FROM change c
        WHERE c.seq IN (${newestOwn(viewer, fits, filter.limit)}) ORDER BY c.seq DESC`;
  return rows.map(toEntry);
}

function fitting(filter: HistoryFilter): Prisma.Sql {
  const conditions = [
    Prisma.sql`true`,
    ...(filter.before === undefined ? [] : [Prisma.sql`c.seq < ${filter.before}::bigint`]),
    ...(filter.role ? [Prisma.sql`c.role_id = (SELECT id FROM role WHERE slug = ${filter.role})`] : []),
    ...(filter.person ? [Prisma.sql`c.person_id = ${filter.person}::uuid`] : []),
    ...(filter.actor ? [Prisma.sql`c.actor_id = ${filter.actor}::uuid`] : []),
    ...(filter.kind ? [Prisma.sql`c.kind = ${filter.kind}`] : []),
    ...(filter.request ? [Prisma.sql`c.request_id = ${filter.request}::uuid`] : []),
    ...(filter.grant ? [Prisma.sql`c.grant_id = ${filter.grant}::uuid`] : []),
  ];
  return Prisma.join(conditions, " AND ");
}

/**
 * The newest of each reason to see an entry, each from the end of its own index. One condition with OR would read
 * everything that the viewer may see, or the whole history, to find the last few.
 */
function newestOwn({ personId }: Viewer, fits: Prisma.Sql, limit: number): Prisma.Sql {
  return Prisma.sql`SELECT own.seq FROM (
    (SELECT c.seq FROM change c WHERE c.person_id = ${personId}::uuid AND ${fits} ORDER BY c.seq DESC LIMIT ${limit})
    UNION
    (SELECT c.seq FROM change c WHERE c.actor_id = ${personId}::uuid AND ${fits} ORDER BY c.seq DESC LIMIT ${limit})
    UNION
    (SELECT about.seq FROM ${ownedRoles(personId)} AS owned CROSS JOIN LATERAL
      (SELECT c.seq FROM change c WHERE c.role_id = owned.id AND ${fits} ORDER BY c.seq DESC LIMIT ${limit}) AS about)
    ) AS own ORDER BY own.seq DESC LIMIT ${limit}`;
}

export function toEntry({ seq, hash, body }: HistoryRow): HistoryEntry {
  return { ...(JSON.parse(body) as Change), seq: Number(seq), hash };
}
