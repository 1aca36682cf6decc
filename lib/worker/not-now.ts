/** It is not this one's turn: nothing went wrong, nothing was changed, and no try was spent. `afterMs`: when to come again. */
export class NotNow extends Error {
  readonly afterMs: number;
  constructor(words: string, afterMs: number) {
    super(words);
    this.name = "NotNow";
    this.afterMs = afterMs;
  }
}
