import "server-only";
import type { Db } from "../db/client.ts";
import type { Fitting } from "./fitting-changes.ts";
import { ENTRY, toEntry, type HistoryEntry, type HistoryRow } from "./history-seen-by.ts";

const PAGE = 1_000;

/** How many entries are selected, up to which one. What is added afterwards is not part of it. */
export async function countSelected(selected: Fitting, { db }: { db: Db }): Promise<{ entries: number; upTo: bigint }> {
  const { seq: upTo } = await db.chainHead.findUniqueOrThrow({ where: { id: 1 } });
  const [{ entries }] = await db.$queryRaw<[{ entries: bigint }]>`
    SELECT count(*) AS entries FROM (${selected({ order: "oldest", to: upTo })}) AS selected`;
  return { entries: Number(entries), upTo };
}

/** The selected entries, oldest first, a page at a time. */
export async function* selectedEntries(
  selected: Fitting,
  upTo: bigint,
  { db }: { db: Db },
): AsyncGenerator<readonly HistoryEntry[]> {
  for (let from = 1n; ;) {
    const rows: HistoryRow[] = await db.$queryRaw<HistoryRow[]>`
      SELECT ${ENTRY} FROM change c
      WHERE c.seq IN (${selected({ order: "oldest", from, to: upTo, limit: PAGE })}) ORDER BY c.seq`;
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(toEntry);
    from = last.seq + 1n;
  }
}
