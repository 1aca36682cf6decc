import "server-only";

/** One page of a list: `limit` items out of `limit + 1` that were asked for, and where the next page begins. */
export function pageOf<T>(rows: readonly T[], limit: number, cursorOf: (row: T) => string | number) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? String(cursorOf(last)) : null };
}
