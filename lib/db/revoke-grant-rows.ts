import { Conflict } from "../domain/refusals.ts";
import type { Tx } from "./client.ts";
import { LIVE_STATES } from "./live-states.ts";
import { readGrantCase, type GrantCase } from "./read-grant-case.ts";
import type { Entry } from "./record.ts";
import { wakeBindings } from "./wake.ts";

export type Revocation = {
  readonly reason: string;
  /** Who takes it back; null when Daypass does. */
  readonly byId: string | null;
  readonly byName: string;
};

/**
 * Starts taking one live grant back, and with it everything that was to go on from it. From this commit on nothing wants
 * its access; only the worker writes REVOKED, after it looked. @throws Conflict when the grant moved since it was read.
 */
export async function revokeGrantRows(tx: Tx, grant: GrantCase, revocation: Revocation): Promise<Entry[]> {
  const moved = await tx.$executeRaw`
    UPDATE access_grant SET state = 'REVOKING', revision = revision + 1, ending_at = ${grant.now},
      end_reason = ${revocation.reason}, revoked_by_id = ${revocation.byId}::uuid
    WHERE id = ${grant.id}::uuid AND state = ${grant.state} AND revision = ${grant.revision}`;
  if (moved !== 1) throw new Conflict("grant");
  // Requests first: one that is approved at this moment has its grant, which is looked for next. Bindings last, as an
  // approval takes them too.
  const withdrawn = await withdrawExtensions(tx, grant);
  const revoked = await revokeExtensions(tx, grant, revocation);
  await wakeBindings(tx, grant.bindingIds, grant.now, "removal");
  return [revokingEntry(grant, revocation), ...withdrawn, ...revoked];
}

async function withdrawExtensions(tx: Tx, grant: GrantCase): Promise<Entry[]> {
  const withdrawn = await tx.$queryRaw<{ id: string }[]>`
    UPDATE access_request SET state = 'WITHDRAWN', revision = revision + 1, closed_at = ${grant.now}
    WHERE extends_id = ${grant.id}::uuid AND state = 'PENDING' RETURNING id`;
  return withdrawn.map(({ id }) => ({
    kind: "request.withdrawn",
    about: { person: grant.personName, role: grant.roleSlug },
    personId: grant.personId,
    roleId: grant.roleId,
    requestId: id,
    why: "What it was to go on from was taken back",
    before: { state: "PENDING" },
    after: { state: "WITHDRAWN" },
  }));
}

async function revokeExtensions(tx: Tx, grant: GrantCase, revocation: Revocation): Promise<Entry[]> {
  const live = await tx.$queryRaw<{ id: string }[]>`
    SELECT g.id FROM access_request q JOIN access_grant g ON g.request_id = q.id
    WHERE q.extends_id = ${grant.id}::uuid AND g.state IN ${LIVE_STATES} ORDER BY g.id`;
  const entries: Entry[] = [];
  for (const { id } of live) {
    const next = await readGrantCase(tx, id);
    if (next) entries.push(...(await revokeGrantRows(tx, next, revocation)));
  }
  return entries;
}

function revokingEntry(grant: GrantCase, revocation: Revocation): Entry {
  return {
    kind: "grant.revoking",
    about: { person: grant.personName, role: grant.roleSlug, by: revocation.byName },
    personId: grant.personId,
    roleId: grant.roleId,
    requestId: grant.requestId,
    grantId: grant.id,
    why: revocation.reason,
    before: { state: grant.state },
    after: { state: "REVOKING" },
  };
}
