import type { Db } from "../db/client.ts";
import type { Receiver } from "./receiver.ts";
import { giveBack, noteAnswer, takeBatch } from "./stream.ts";

/** Sending begins only well within the lease: whoever stood still since may have been taken over. */
const BEGIN_WITHIN_MS = 10_000;

/**
 * Sends what the receiver has not taken yet, oldest first and batch after batch, until nothing is left. What it does not
 * take stops everything after it, and is tried again when its pause is over. @throws with what was not taken and why
 */
export async function forwardHistory(
  receiver: Receiver,
  { db, signal = new AbortController().signal }: { db: Db; signal?: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    const begun = performance.now();
    const batch = await takeBatch({ db });
    if (!batch || performance.now() - begun > BEGIN_WITHIN_MS) return;
    const answer = await receiver.send(batch.events, signal);
    if (answer.kind !== "taken" && signal.aborted) return giveBack(batch, { db });
    await noteAnswer(batch, answer, { db });
    if (answer.kind !== "taken")
      throw new Error(`Entries from ${batch.from} on were not taken (${answer.kind}): ${answer.words}`);
  }
}
