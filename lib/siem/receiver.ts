/** One event on its way, as JSON, with what a syslog header says of it. */
export type Outgoing = {
  readonly json: string;
  readonly at: Date;
  /** OCSF's, 1 (informational) to 5 (critical). */
  readonly severity: number;
  /** The kind of the change. */
  readonly name: string;
};

/** What came of sending one batch. Only "taken" lets the next one follow. */
export type Answer =
  | { readonly kind: "taken"; readonly words: string }
  /** It was understood and not taken: the same again will hardly fare better. */
  | { readonly kind: "refused"; readonly words: string }
  /** Not now, or no answer was heard: it may have arrived. `afterMs`: how long the receiver wants to be left alone. */
  | { readonly kind: "later"; readonly words: string; readonly afterMs: number | null };

/** Somebody who keeps our events. What goes wrong is in the answers: `send` throws nothing. */
export type Receiver = {
  /** Scheme, host and port; never a path or a secret. */
  readonly address: string;
  send(batch: readonly Outgoing[], signal: AbortSignal): Promise<Answer>;
};

/** Less than half a lease, so that a batch is over before another worker may begin. */
export const ANSWER_WITHIN_MS = 20_000;

/** What is stored and shown of an answer: one line, and nothing secret, should the receiver say it back. */
export function answerWords(text: string, secrets: readonly string[] = []): string {
  const hidden = secrets.reduce((shown, secret) => shown.replaceAll(secret, "…"), text);
  return hidden
    .replaceAll(/[\p{C}\s]+/gu, " ")
    .trim()
    .slice(0, 300);
}

export function faultWords(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof AggregateError) return faultWords(cause.errors[0]);
  return answerWords(cause instanceof Error ? cause.message : String(cause));
}
