import "server-only";
import type { Entitlement } from "../domain/entitlement.ts";
import { entitlementChanges, type RoleSpec } from "../domain/role.ts";
import { differences, type Difference } from "../domain/role-difference.ts";
import type { Viewer } from "../domain/viewer.ts";
import { followsWords, whatFollows } from "../domain/what-follows.ts";
import type { Db } from "../db/client.ts";
import { narrowingsBy, type Narrowing } from "../db/narrowing.ts";
import { livePlaces, type LivePlace } from "./live-places.ts";
import { roleSeenBy, type RoleDetail } from "./role-seen-by.ts";
import { roleVersions } from "./role-versions.ts";

/** What one live grant loses at one place, and what the worker then does at the provider, in words. */
export type Loss = Narrowing & { readonly follows: string };

/** What publishing a version would do. The publication itself asks the same functions. */
export type Preview = {
  readonly role: RoleDetail;
  /** The version that this preview is about; sent back with the confirmation, so that a stale one is noticed. */
  readonly expectedVersion: number;
  readonly differences: readonly Difference[];
  /** What live grants lose, at once and for good. */
  readonly narrowings: readonly Loss[];
  /** What the grants that lose something keep, by the id of the grant. */
  readonly kept: Readonly<Record<string, readonly Entitlement[]>>;
  readonly liveGrants: number;
  /** Requests that wait for a decision, which then gives what both versions give. */
  readonly waitingRequests: number;
  /** Something is added or raised: it counts for new requests, each with an approval of its own. */
  readonly widens: boolean;
};

/** Null when the viewer may not edit the role, or there is none. */
export async function previewPublication(
  viewer: Viewer,
  slug: string,
  spec: RoleSpec,
  { db }: { db: Db },
): Promise<Preview | null> {
  const role = await roleSeenBy(viewer, slug, { db });
  if (!role?.mayEdit) return null;
  const [nameOf, narrowings, places, waitingRequests] = await Promise.all([
    groupNames(db, [role, spec]),
    narrowingsBy(db, role.id, spec.entitlements),
    livePlaces(role.id, { db }),
    db.accessRequest.count({ where: { roleId: role.id, state: "PENDING" } }),
  ]);
  return {
    role,
    expectedVersion: role.version,
    differences: differences(role, spec, nameOf),
    narrowings: narrowings.map((narrowing) => ({ ...narrowing, follows: following(narrowing, narrowings, places) })),
    kept: keptBy(narrowings, places),
    liveGrants: new Set(places.map((place) => place.grantId)).size,
    waitingRequests,
    widens: entitlementChanges(role.entitlements, spec.entitlements).some(
      ({ kind }) => kind === "added" || kind === "raised",
    ),
  };
}

/** Null when the viewer may not roll back, or there is no such version. */
export async function previewRollback(
  viewer: Viewer,
  slug: string,
  version: number,
  { db }: { db: Db },
): Promise<Preview | null> {
  const versions = await roleVersions(viewer, slug, { db });
  const old = versions?.find((row) => row.version === version);
  return old ? previewPublication(viewer, slug, old, { db }) : null;
}

async function groupNames(db: Db, specs: readonly RoleSpec[]): Promise<(id: string) => string> {
  const ids = specs.flatMap(({ ownerGroupId, requesterGroupId }) => [ownerGroupId, requesterGroupId]);
  const groups = await db.group.findMany({ where: { id: { in: ids } }, select: { id: true, path: true } });
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
