import type { Seen } from "#lib/domain/binding.ts";
import type { Level } from "#lib/domain/entitlement.ts";
import type { GrantState } from "#lib/domain/grant.ts";
import { levelWords } from "#lib/domain/words.ts";

/** What is, was or should be at a place, in words that begin a sentence. */
export function standingWords(seen: Seen): string {
  if (seen.state === "absent") return "Nothing";
  return seen.until ? `${asWords(seen.level)} until ${seen.until}` : `${asWords(seen.level)}, no expiry`;
}

type PutBack = { readonly bindingId: string; readonly action: "apply" | "remove" | "restore"; readonly readBack: Seen };

/**
 * What stood at a place before the first grant. It is not kept once the last one is gone: then what was read back when it
 * was put back says it. @param receipts newest first
 */
export function beforeWords(
  { id, baseline, goneAt }: { id: string; baseline: Seen | null; goneAt: Date | null },
  receipts: readonly PutBack[],
): string {
  if (baseline) return standingWords(baseline);
  if (!goneAt) return "Not recorded yet";
  const last = receipts.find(({ bindingId, action }) => bindingId === id && action !== "apply");
  return last ? standingWords(last.readBack) : "Not kept: there was nothing to put back";
}

const OVER: readonly GrantState[] = ["ENDING", "REVOKING", "ACTIVATION_FAILED", "ENDED", "REVOKED"];

type Want = { readonly level: Level | null; readonly goneAt: Date | null; readonly takenAt: Date | null };

/** What a grant wants at a place now. @param level null when a narrower version or a hand took it. */
export function wantedWords(grant: GrantState, { level, goneAt, takenAt }: Want): string {
  if (takenAt !== null) return "Nothing: a hand took it";
  if (goneAt === null && level === null) return "Nothing: a narrower version of the role took it";
  return goneAt !== null || level === null || OVER.includes(grant) ? "Nothing any more" : asWords(level);
}

function asWords(level: Level): string {
  const words = levelWords(level);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
