import "server-only";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { toEntry, type HistoryEntry, type HistoryFilter, type HistoryRow } from "./history-seen-by.ts";
import type { Selected } from "./selected-changes.ts";
import type { SelectionFilter } from "../domain/selection.ts";

const PAGE = 1_000;

/** What the history's own filter means for this viewer; null when the role does not exist. */
export async function selectionFilter(
  viewer: Viewer,
  filter: Omit<HistoryFilter, "before" | "limit">,
  { db }: { db: Db },
): Promise<SelectionFilter | null> {
  const role = filter.role ? await db.role.findUnique({ where: { slug: filter.role }, select: { id: true } }) : null;
  if (filter.role && !role) return null;
  return {
    ...(filter.kind ? { kind: filter.kind } : {}),
    ...(filter.person ? { personId: filter.person } : {}),
    ...(filter.actor ? { actorId: filter.actor } : {}),
    ...(role ? { roleId: role.id } : {}),
    ...(filter.request ? { requestId: filter.request } : {}),
    ...(filter.grant ? { grantId: filter.grant } : {}),
    ...(seesAll(viewer) ? {} : { seenBy: viewer.personId }),
  };
}

/** How many entries are selected, up to which one. What is added afterwards is not part of it. */
export async function countSelected(
  { fits }: Selected,
  { db }: { db: Db },
): Promise<{ entries: number; upTo: bigint }> {
  const [counted] = await db.$queryRaw<[{ entries: bigint; upTo: bigint }]>`
    SELECT h.seq AS "upTo", (SELECT count(*) FROM change c WHERE c.seq <= h.seq AND ${fits}) AS entries
    FROM chain_head h WHERE h.id = 1`;
  return { entries: Number(counted.entries), upTo: counted.upTo };
}

/** The selected entries, oldest first, a page at a time. */
export async function* selectedEntries(
  { fits }: Selected,
  upTo: bigint,
  { db }: { db: Db },
): AsyncGenerator<readonly HistoryEntry[]> {
  for (let after = 0n; ;) {
    const rows: HistoryRow[] = await db.$queryRaw<HistoryRow[]>(Prisma.sql`
      SELECT c.seq, encode(c.hash, 'hex') AS hash, c.body FROM change c
      WHERE c.seq > ${after} AND c.seq <= ${upTo} AND ${fits} ORDER BY c.seq LIMIT ${PAGE}`);
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(toEntry);
    after = last.seq;
  }
}
