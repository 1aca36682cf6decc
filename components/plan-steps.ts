import { compareLevels, type Level, type PlaceKind } from "#lib/domain/entitlement.ts";
import { levelWords } from "#lib/domain/words.ts";

type Line = { readonly kind: PlaceKind; readonly level: Level };
type Held = { readonly level: Level; readonly endsAt: Date };

/**
 * What is at a place before, during and after a grant; one step where nothing changes. @param held what the person has
 * there through Daypass already. @param end null while it is not known. @param said how a moment is said.
 */
export function planSteps(
  line: Line,
  held: Held | null,
  end: Date | null,
  said: (at: Date) => string,
): readonly string[] {
  const until = end ? ` until about ${said(end)}` : "";
  if (held === null) return ["What is there now", `${levelAlone(line.level)}${until}`, "What was there before"];

  const heldWords = `${levelAlone(held.level)} until ${said(held.endsAt)}`;
  const isHigher = compareLevels(line.kind, line.level, held.level) > 0;
  const isLonger = end === null || end > held.endsAt;
  if (!isHigher) return isLonger ? [heldWords, ...longer(line, held, until)] : [`${heldWords}, as already now`];
  return [heldWords, `${levelAlone(line.level)}${until}`, isLonger ? "What was there before" : heldWords];
}

/** What is held already stays until its end, at the higher level; then the asked one goes on alone. */
function longer(line: Line, held: Held, until: string): readonly string[] {
  const isSame = line.level === held.level;
  return [
    isSame ? `${levelAlone(line.level)}${until}` : `then ${levelAlone(line.level)}${until}`,
    "What was there before",
  ];
}

function levelAlone(level: Level): string {
  const words = levelWords(level);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
