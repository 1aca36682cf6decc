import "server-only";
import { validate as isUuid } from "uuid";
import type { Entitlement } from "../domain/entitlement.ts";
import { entitlementChanges, type RoleSpec } from "../domain/role.ts";
import { differences, type Difference } from "../domain/role-difference.ts";
import { followsWords, whatFollows } from "../domain/what-follows.ts";
import { withoutWidening } from "../domain/widening.ts";
import type { Db } from "../db/client.ts";
import { narrowingsBy, type Narrowing } from "../db/narrowing.ts";
import { livePlaces, type LivePlace } from "./live-places.ts";

/** What one live grant loses at one place, and what the worker then does at the provider, in words. */
export type Loss = Narrowing & { readonly follows: string };

/** What a change of one role would do. Publishing asks the same functions. */
export type Effect = {
  /** What takes effect at once. */
  readonly differences: readonly Difference[];
  /** What gives more and waits for a second person; empty where none is asked for. */
  readonly waiting: readonly Difference[];
  /** What live grants lose, at once and for good. */
  readonly narrowings: readonly Loss[];
  /** What the grants that lose something keep, by the id of the grant. */
  readonly kept: Readonly<Record<string, readonly Entitlement[]>>;
  readonly liveGrants: number;
  /** Requests that wait for a decision, which then gives what both versions give. */
  readonly waitingRequests: number;
  /** Something is added or raised at once: it counts for new requests, each with an approval of its own. */
  readonly widens: boolean;
};

export type Edit = { readonly roleId: string; readonly now: RoleSpec; readonly spec: RoleSpec };

/** The effects of changing these roles all at once: a place that two of them give up is given up. */
export async function effectsOf(db: Db, edits: readonly Edit[], fourEyes: boolean): Promise<Effect[]> {
  const split = edits.map((edit) => ({ ...edit, atOnce: fourEyes ? withoutWidening(edit.now, edit.spec) : edit.spec }));
  const nameOf = await groupNames(
    db,
    edits.flatMap(({ now, spec }) => [now, spec].flatMap((side) => [side.ownerGroupId, side.requesterGroupId])),
  );
  const looks = await Promise.all(
    split.map(async (edit) => ({
      ...edit,
      narrowings: await narrowingsBy(db, edit.roleId, edit.atOnce.entitlements),
      places: await livePlaces(edit.roleId, { db }),
      waitingRequests: await db.accessRequest.count({ where: { roleId: edit.roleId, state: "PENDING" } }),
    })),
  );
  const all = looks.flatMap(({ narrowings }) => narrowings);
  return looks.map(({ now, spec, atOnce, narrowings, places, waitingRequests }) => ({
    differences: differences(now, atOnce, nameOf),
    waiting: differences(atOnce, spec, nameOf),
    narrowings: narrowings.map((narrowing) => ({ ...narrowing, follows: following(narrowing, all, places) })),
    kept: keptBy(narrowings, places),
    liveGrants: new Set(places.map((place) => place.grantId)).size,
    waitingRequests,
    widens: entitlementChanges(now.entitlements, atOnce.entitlements).some(
      ({ kind }) => kind === "added" || kind === "raised",
    ),
  }));
}

/** Names groups by their id. Ids of anything else are never asked for by the name that this gives. */
export async function groupNames(db: Db, ids: readonly string[]): Promise<(id: string) => string> {
  const known = ids.filter((id) => isUuid(id));
  const groups = await db.group.findMany({ where: { id: { in: known } }, select: { id: true, path: true } });
  const paths = new Map(groups.map(({ id, path }) => [id, path]));
  return (id) => paths.get(id) ?? "a group that is gone";
}

function following(narrowing: Narrowing, all: readonly Narrowing[], places: readonly LivePlace[]): string {
  const place = places.find(({ bindingId }) => bindingId === narrowing.bindingId);
  if (!place) return "";
  const here = all.filter(({ bindingId }) => bindingId === narrowing.bindingId);
  const becomes = new Map(here.map(({ grantId, to }) => [grantId, to]));
  return followsWords(whatFollows(place, becomes, place.now), place, place.account);
}

function keptBy(narrowings: readonly Narrowing[], places: readonly LivePlace[]): Record<string, Entitlement[]> {
  const losing = new Set(narrowings.map(({ grantId }) => grantId));
  const untouched = places.filter(
    ({ grantId, bindingId }) =>
      losing.has(grantId) && !narrowings.some((line) => line.grantId === grantId && line.bindingId === bindingId),
  );
  const groups = Map.groupBy(untouched, ({ grantId }) => grantId);
  return Object.fromEntries(
    [...groups].map(([grantId, lines]) => [
      grantId,
      lines.map(({ connection, kind, target, level }) => ({ connection, kind, target, level })),
    ]),
  );
}
