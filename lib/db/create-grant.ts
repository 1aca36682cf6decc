import { v7 as newId } from "uuid";
import { afterMinutes } from "../domain/duration.ts";
import type { Entitlement } from "../domain/entitlement.ts";
import { onePerPlace } from "../domain/role.ts";
import type { Tx } from "./client.ts";
import type { RequestCase } from "./read-request-case.ts";
import type { Entry } from "./record.ts";
import { wakeBindings } from "./wake.ts";

/**
 * Writes the grant and what it wants at each place, and wakes the worker. The intent is stored here, long before the
 * first provider call. `ends_at` is provisional: the clock starts when everything is in place, and until then it is the
 * moment by which activation must be complete, so that half-made access cannot stay.
 */
export async function createGrant(
  tx: Tx,
  request: RequestCase,
  lines: readonly Entitlement[],
  minutes: number,
): Promise<{ grantId: string; entry: Entry }> {
  const grantId = newId();
  const startsAt = request.startsAt && request.startsAt > request.now ? request.startsAt : request.now;
  const endsAt = afterMinutes(startsAt, minutes);
  const state = startsAt > request.now ? "SCHEDULED" : "ACTIVATING";

  const entitlements = onePerPlace(lines);
  const places = JSON.stringify(entitlements.map((entitlement) => ({ id: newId(), ...entitlement })));
  const bindings = await tx.$queryRaw<{ id: string }[]>`
    WITH granted AS (
      INSERT INTO access_grant (id, request_id, role_id, role_version_id, person_id, minutes, state, starts_at, ends_at)
      VALUES (${grantId}::uuid, ${request.id}::uuid, ${request.roleId}::uuid, ${request.roleVersionId}::uuid,
        ${request.requesterId}::uuid, ${minutes}, ${state}, ${startsAt}, ${endsAt})
      RETURNING id
    ), place AS (
      SELECT p.id, p.connection, p.kind, spelling_of(p.connection, p.kind, p.target) AS target, p.level
      FROM jsonb_to_recordset(${places}::jsonb) AS p(id uuid, connection text, kind text, target text, level text)
    ), bound AS (
      INSERT INTO binding (id, person_id, connection, kind, target, due_at)
      SELECT p.id, ${request.requesterId}::uuid, p.connection, p.kind, p.target, ${startsAt}::timestamptz
      FROM place p ORDER BY p.connection, p.kind, p.target
      ON CONFLICT (person_id, connection, kind, target) DO UPDATE SET due_at = LEAST(binding.due_at, EXCLUDED.due_at)
      RETURNING id, connection, kind, target
    )
    INSERT INTO grant_binding (grant_id, binding_id, level)
    SELECT granted.id, bound.id, place.level FROM granted, bound JOIN place USING (connection, kind, target)
    RETURNING binding_id AS id`;
  await wakeBindings(
    tx,
    bindings.map((binding) => binding.id),
    startsAt,
    "addition",
  );

  const entry: Entry = {
    kind: state === "SCHEDULED" ? "grant.scheduled" : "grant.activating",
    about: { person: request.requesterName, role: request.roleSlug, minutes },
    personId: request.requesterId,
    roleId: request.roleId,
    requestId: request.id,
    grantId,
    after: {
      state,
      minutes,
      startsAt: startsAt.toISOString(),
      entitlements: entitlements.map((entitlement) => ({ ...entitlement })),
    },
  };
  return { grantId, entry };
}
