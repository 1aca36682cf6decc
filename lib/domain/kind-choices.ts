import { PLACE_KINDS, levelsOf } from "./entitlement.ts";
import { kindWords, levelWords } from "./words.ts";

/** Every kind of place with its levels, highest last, in words: what a form offers. */
export function kindChoices() {
  return PLACE_KINDS.map((kind) => ({
    kind,
    words: kindWords(kind),
    levels: levelsOf(kind).map((level) => ({ level, words: levelWords(level) })),
  }));
}
