import type { Db } from "../db/client.ts";
import type { AccessProvider } from "../providers/provider.ts";

/** What the worker works with. `pause` waits real time; tests hand in one that does not. */
export type Deps = {
  readonly db: Db;
  /** Connections for turns alone: who has a turn keeps one and uses `db` too, which many turns would leave without any. */
  readonly turns: Db;
  readonly workerId: string;
  /** @throws when the connection is not configured. */
  readonly providerNamed: (connection: string) => AccessProvider;
  readonly pause: (ms: number) => Promise<void>;
};

/** What came of one look at one binding. `busy`: another worker holds its lease, or did it since. */
export type Outcome =
  | { readonly kind: "settled" }
  | { readonly kind: "look-again"; readonly afterMs: number; readonly error: string | null }
  | { readonly kind: "busy" };

/** Another worker took the lease over. Whatever this one meant to write is not written. */
export class LeaseLost extends Error {
  constructor() {
    super("lease lost");
    this.name = "LeaseLost";
  }
}
