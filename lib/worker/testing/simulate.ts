import { historyFrom, type History } from "./moves.ts";
import { playHistory, type Played } from "./play-history.ts";
import { randomFrom } from "./random.ts";
import type { SimulatedDatabase } from "./simulated-database.ts";

/** A history that broke a promise, as small as it could be made. */
export type Found = {
  readonly seed: number;
  readonly played: number;
  readonly history: History;
  readonly story: Played;
};

export function* seedsFrom(first: number, count: number): Iterable<number> {
  for (let n = 0; n < count; n += 1) yield first + n;
}

/**
 * Plays the histories of these seeds until one breaks a promise. Gives that one, made small. Several databases have
 * several histories played at once: while one waits for PostgreSQL, another goes on.
 */
export async function simulate(
  seeds: Iterable<number>,
  databases: readonly SimulatedDatabase[],
): Promise<Found | null> {
  const chance = Math.random;
  // The worker waits a little longer than it must, by chance. The same history must be the same every time.
  Math.random = () => 0.5;
  const rest = seeds[Symbol.iterator]();
  let found: Found | null = null;
  let isOver = false;
  let played = 0;
  const lane = async (database: SimulatedDatabase) => {
    for (let next = rest.next(); !next.done && !isOver; next = rest.next()) {
      played += 1;
      const seed = next.value;
      const history = historyFrom(seed, randomFrom(seed));
      const [broken] = (await playHistory(history, database)).broken;
      if (!broken || isOver) continue;
      isOver = true;
      const small = await shrink(history, broken.promise, database);
      found = { seed, played, history: small, story: await playHistory(small, database) };
    }
  };
  try {
    await Promise.all(databases.map(lane));
    return found;
  } finally {
    Math.random = chance;
  }
}

/**
 * Leaves out as much as it can while the same promise is broken: large parts first, then smaller ones, until no single
 * move can be left out (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input").
 */
async function shrink(history: History, promise: string, database: SimulatedDatabase): Promise<History> {
  const breaks = async (candidate: History) =>
    (await playHistory(candidate, database)).broken.some((broken) => broken.promise === promise);
  const moves = await smallest(history.moves, (kept) => breaks({ ...history, moves: kept }));
  const standing = await smallest(history.standing, (kept) => breaks({ ...history, moves, standing: kept }));
  return { ...history, moves, standing };
}

async function smallest<T>(
  items: readonly T[],
  breaks: (kept: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let kept = items;
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < kept.length;) {
      const without = [...kept.slice(0, start), ...kept.slice(start + size)];
      if (await breaks(without)) kept = without;
      else start += size;
    }
  }
  return kept;
}

/** One line per step: who, what, and what came of it. */
export function tellHistory({ seed, history, story }: Found): string {
  const broken = story.broken.map(({ promise, words }) => `BROKEN: ${promise}: ${words}`);
  const left = `history ${seed}, ${history.moves.length} moves left of it: ${JSON.stringify(history)}`;
  return [left, ...story.story, ...broken].join("\n");
}
