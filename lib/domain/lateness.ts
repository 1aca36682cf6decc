import { durationWords } from "./words.ts";

/** A removal that is owed for longer than this is told to everybody who can do something about it. */
export const LATE_AFTER_SECONDS = 60;

/** Upper bounds, in seconds, of the bars in which removals are counted by how late they were proved; the last is open. */
export const LATENESS_BOUNDS = [1, 5, 15, LATE_AFTER_SECONDS, 300] as const;

/** "at most 1 s", "1 to 5 s", …, "more than 5 min": one for each bar. */
export function latenessWords(): string[] {
  const words = LATENESS_BOUNDS.map((bound, i) => {
    const before = LATENESS_BOUNDS[i - 1];
    return before === undefined
      ? `at most ${secondsWords(bound)}`
      : `${secondsWords(before)} to ${secondsWords(bound)}`;
  });
  return [...words, `more than ${secondsWords(LATENESS_BOUNDS.at(-1) ?? 0)}`];
}

/** "45 s", "5 min", "2 h 5 min". */
export function secondsWords(seconds: number): string {
  return seconds < 60 ? `${Math.floor(seconds)} s` : durationWords(Math.floor(seconds / 60));
}

/** How long half of something took at most: "4 s" for 3.6 seconds. */
export function atMostWords(seconds: number): string {
  return secondsWords(seconds < 60 ? Math.ceil(seconds) : Math.ceil(seconds / 60) * 60);
}
