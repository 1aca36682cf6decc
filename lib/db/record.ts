import { v7 as newId } from "uuid";
import type { Actor, HostActor, SystemActor } from "../domain/actor.ts";
import { canonicalJson, type Change, type ChangeKind, type Json } from "../domain/change.ts";
import type { Tx } from "./client.ts";

/** What a use case says of one change; who and when are added here. */
export type Entry = {
  kind: ChangeKind;
  about: { readonly [name: string]: Json };
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
  const bodies = entries.map((entry) => canonicalJson(toChange(actor, now, entry)));
  await tx.$queryRaw`SELECT append_changes(${bodies}::text[])::text`;
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
