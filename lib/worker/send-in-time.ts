/**
 * With the time that a provider's call may take, well within the lease: a process that stood still between storing what it
 * means and sending it must not send it, for another worker may have taken over.
 */
const SEND_WITHIN_MS = 10_000;

class SentTooLate extends Error {
  constructor() {
    super("The worker stood still before it could ask the provider");
    this.name = "SentTooLate";
  }
}

/** Stores what is meant, and gives the way to the provider only if that took no longer than it may. @throws SentTooLate */
export async function inTimeAfter(store: () => Promise<void>): Promise<void> {
  const sendBy = performance.now() + SEND_WITHIN_MS;
  await store();
  if (performance.now() > sendBy) throw new SentTooLate();
}
