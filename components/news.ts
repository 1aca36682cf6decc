/** One state as the page shows it. */
export type Shown = {
  readonly id: string;
  readonly about: string;
  readonly state: string;
  readonly words: string;
};

const MOST = 3;

/** What changed between two looks at a page, to be said aloud; empty when no state did. What came anew is news too. */
export function newsBetween(before: readonly Shown[], after: readonly Shown[]): string {
  const old = new Map(before.map((shown) => [shown.id, shown.state]));
  const changed = new Map(after.filter(({ id, state }) => old.get(id) !== state).map((shown) => [shown.id, shown]));
  const told = [...changed.values()].slice(0, MOST).map(({ about, words }) => `${about}: ${words}.`);
  const more = changed.size - told.length;
  return [...told, ...(more > 0 ? [`And ${more} more.`] : [])].join(" ");
}
