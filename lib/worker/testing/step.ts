import type { Seen } from "../../domain/binding.ts";
import type { Hands } from "./hands.ts";
import type { ChangeRow, GrantRow, Rows, Spots } from "./rows.ts";

/** The world at one moment: the rows, and what is true at the providers. */
export type Snapshot = {
  readonly rows: Rows;
  readonly spots: Spots;
  readonly truth: ReadonlyMap<string, Seen>;
};

export type Step = {
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** Set when a worker took the step; its lease is what it holds by what it saw itself. */
  readonly worker: { readonly name: string; readonly leases: ReadonlyMap<string, number> } | null;
  readonly hands: Hands;
  /** Spots that the provider's own expiry emptied. What was there is nobody's fault. */
  readonly expired: ReadonlySet<string>;
};

/** A promise that was broken: which, and how. */
export type Broken = { readonly promise: string; readonly words: string };

/** Grants whose state or last word is not what it was before the step. */
export function* movedGrants({ before, after }: Step): Iterable<{ was: GrantRow | undefined; grant: GrantRow }> {
  const old = new Map(before.rows.grants.map((grant) => [grant.id, grant]));
  for (const grant of after.rows.grants) {
    const was = old.get(grant.id);
    if (was?.state !== grant.state || was.closed !== grant.closed) yield { was, grant };
  }
}

/** What the step added to the history. */
export function newChanges({ before, after }: Step): readonly ChangeRow[] {
  return after.rows.changes.filter((change) => change.seq > before.rows.head.seq);
}
