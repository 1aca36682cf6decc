import { randomBytes } from "node:crypto";
import { v7 as newId } from "uuid";
import type { Actor, HostActor, SystemActor } from "../domain/actor.ts";
import type { Change, ChangeKind, Json } from "../domain/change.ts";
import type { AboutField } from "../domain/personal.ts";
import { seal } from "../proof/committed.ts";
import type { Db, Tx } from "./client.ts";

/** What a use case says of one change; who and when are added here. */
export type Entry = {
  kind: ChangeKind;
  about: { readonly [name in AboutField]?: Json };
  personId?: string | null;
  roleId?: string | null;
  requestId?: string | null;
  grantId?: string | null;
  bindingId?: string | null;
  causeId?: string | null;
  why?: string | null;
  before?: Json;
  after?: Json;
  id?: string;
};

/**
 * Writes the story of this transaction. It is chained while the transaction commits, in the order in which transactions
 * commit; nobody waits for us before that.
 */
export async function record(
  tx: Tx,
  actor: Actor | SystemActor | HostActor,
  now: Date,
  entries: readonly Entry[],
): Promise<void> {
  if (entries.length === 0) return;
  await append(
    tx,
    entries.map((entry) => toChange(actor, now, entry)),
  );
}

/** The only way into the history: each change with a salt of its own for what is personal in it. */
export async function append(db: Db | Tx, changes: readonly Change[]): Promise<void> {
  const sealed = changes.map((change) => seal(change, randomBytes(16)));
  const bodies = sealed.map(({ body }) => body);
  const committed = sealed.map((entry) => entry.committed);
  await db.$queryRaw`SELECT append_changes(${bodies}::text[], ${committed}::text[])::text`;
}

function toChange(actor: Actor | SystemActor | HostActor, now: Date, entry: Entry): Change {
  return {
    id: entry.id ?? newId(),
    at: now.toISOString(),
    kind: entry.kind,
    actor: {
      kind: actor.via === "worker" ? "system" : actor.via === "host" ? "host" : "person",
      id: "personId" in actor ? actor.personId : null,
      name: actor.name,
      via: actor.via,
    },
    about: entry.about,
    personId: entry.personId ?? null,
    roleId: entry.roleId ?? null,
    requestId: entry.requestId ?? null,
    grantId: entry.grantId ?? null,
    bindingId: entry.bindingId ?? null,
    causeId: entry.causeId ?? null,
    why: entry.why ?? null,
    before: entry.before ?? null,
    after: entry.after ?? null,
  };
}
