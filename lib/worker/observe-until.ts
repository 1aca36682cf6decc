import { sameSeen, type Seen } from "../domain/binding.ts";
import type { Deps } from "./deps.ts";

/**
 * Providers are eventually consistent: a write is looked for at once and then a little later each time. What is not seen
 * by then is not settled; the binding is looked at again.
 */
const READ_BACK_AFTER_MS = [0, 40, 80, 160, 320, 640];

/** Looks until what was asked for is seen, or the last of the looks is over. Gives what was seen last. */
export async function observeUntil(asked: Seen, look: () => Promise<Seen>, deps: Deps): Promise<Seen> {
  let seen: Seen | null = null;
  for (const ms of READ_BACK_AFTER_MS) {
    if (ms > 0) await deps.pause(ms);
    seen = await look();
    if (sameSeen(seen, asked)) return seen;
  }
  return seen ?? (await look());
}

export class NotSeenYet extends Error {
  constructor() {
    super("The provider took the change but does not show it yet");
    this.name = "NotSeenYet";
  }
}

export class MayBeOld extends Error {
  constructor() {
    super("The provider may still show what was before our last change");
    this.name = "MayBeOld";
  }
}
