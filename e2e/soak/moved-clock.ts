import { databaseNow } from "../../lib/db/now.ts";
import type { Db } from "../../lib/db/client.ts";

/**
 * Daypass's clock, which jumps, told apart from the machine's: what a jump makes due is late from the jump on, and a later
 * jump adds nothing to it.
 */
export class MovedClock {
  readonly #offsets: { from: number; offsetMs: number }[] = [];

  /** Notes what the clock says now. */
  async note(db: Db): Promise<void> {
    const from = Date.now();
    const offsetMs = (await databaseNow(db)).getTime() - from;
    this.#offsets.push({ from, offsetMs });
  }

  /** When the machine's clock read what Daypass's clock calls `at`; a moment that was jumped over is the jump. */
  machineTime(at: Date): number {
    const line = this.#offsets.findLast(({ from, offsetMs }) => from + offsetMs <= at.getTime());
    if (!line) return at.getTime();
    const next = this.#offsets[this.#offsets.indexOf(line) + 1];
    return Math.min(at.getTime() - line.offsetMs, next?.from ?? Infinity);
  }
}
