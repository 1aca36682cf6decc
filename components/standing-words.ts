import type { Seen } from "#lib/domain/binding.ts";
import type { Level } from "#lib/domain/entitlement.ts";
import type { GrantState } from "#lib/domain/grant.ts";
import { levelWords } from "#lib/domain/words.ts";

/** What is, was or should be at a place, in words that begin a sentence. */
export function standingWords(seen: Seen): string {
  if (seen.state === "absent") return "Nothing";
  return seen.until ? `${asWords(seen.level)} until ${seen.until}` : `${asWords(seen.level)}, no expiry`;
}

const OVER: readonly GrantState[] = ["ENDING", "REVOKING", "ACTIVATION_FAILED", "ENDED", "REVOKED"];

/** What a grant wants at a place now. @param level null when a narrower role version took it away. */
export function wantedWords(
  grant: GrantState,
  { level, goneAt }: { level: Level | null; goneAt: Date | null },
): string {
  if (goneAt === null && level === null) return "Nothing: the role no longer gives it";
  return goneAt !== null || level === null || OVER.includes(grant) ? "Nothing any more" : asWords(level);
}

function asWords(level: Level): string {
  const words = levelWords(level);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
