import type { ChangeKind, Json } from "../domain/change.ts";
import type { Drift, Seen } from "../domain/binding.ts";
import type { GrantState } from "../domain/grant.ts";
import type { Entry } from "../db/record.ts";
import type { BindingRow } from "./read-binding.ts";
import type { Written } from "./settle-binding.ts";
import type { SettledShare } from "./settle-share.ts";

const WROTE: Record<Written["action"], ChangeKind> = {
  apply: "binding.applied",
  remove: "binding.removed",
  restore: "binding.restored",
};

const REACHED: Partial<Record<GrantState, ChangeKind>> = {
  ACTIVE: "grant.active",
  ENDED: "grant.ended",
  REVOKED: "grant.revoked",
};

/** What one look adds to the history: what was written at the provider, drift that is new, and grants that got there. */
export function settledEntries(
  binding: BindingRow,
  shares: readonly SettledShare[],
  seen: Seen,
  written: Written | null,
  drift: Drift | null,
): Entry[] {
  const entries: Entry[] = [];
  if (written) entries.push(wroteEntry(binding, shares, seen, written));
  const hand = drift ?? written?.drift ?? null;
  if (hand && hand !== binding.drift)
    entries.push(...driftEntries(binding, shares, drift ? seen : (written?.before ?? seen), hand));
  for (const share of shares) {
    const kind = share.state === share.grant.state ? undefined : REACHED[share.state];
    if (kind) entries.push(grantEntry(binding, share, kind));
  }
  return entries;
}

function wroteEntry(binding: BindingRow, shares: readonly SettledShare[], seen: Seen, written: Written): Entry {
  const only = shares.length === 1 ? shares[0]?.grant : undefined;
  return {
    kind: WROTE[written.action],
    about: { ...aboutPlace(binding), answer: `${written.answer.status} ${written.answer.words}` },
    personId: binding.personId,
    roleId: only?.roleId ?? null,
    requestId: only?.requestId ?? null,
    grantId: only?.id ?? null,
    bindingId: binding.id,
    before: seenJson(written.before),
    after: seenJson(seen),
  };
}

/**
 * One for each grant that had this place, or was to get it and does not now, because each of their owners and stories must
 * tell it; else one for the place.
 */
function driftEntries(binding: BindingRow, shares: readonly SettledShare[], found: Seen, drift: Drift): Entry[] {
  const entry: Entry = {
    kind: "binding.drifted",
    about: { ...aboutPlace(binding), drift },
    personId: binding.personId,
    bindingId: binding.id,
    before: binding.confirmed ? seenJson(binding.confirmed) : null,
    after: seenJson(found),
  };
  const had = shares.map(({ grant }) => grant).filter(({ applied, taken, gone }) => (applied || taken) && !gone);
  if (had.length === 0) return [entry];
  return had.map(({ id, requestId, roleId, roleSlug }) => ({
    ...entry,
    about: { ...entry.about, role: roleSlug },
    roleId,
    requestId,
    grantId: id,
  }));
}

function grantEntry(binding: BindingRow, { grant, state, endsAt }: SettledShare, kind: ChangeKind): Entry {
  return {
    kind,
    about: { person: binding.personName, role: grant.roleSlug },
    personId: binding.personId,
    roleId: grant.roleId,
    requestId: grant.requestId,
    grantId: grant.id,
    before: { state: grant.state },
    after: endsAt ? { state, endsAt: endsAt.toISOString() } : { state },
  };
}

function aboutPlace(binding: BindingRow) {
  return {
    person: binding.personName,
    account: binding.account?.username ?? null,
    connection: binding.connection,
    kind: binding.kind,
    target: binding.target,
  };
}

function seenJson(seen: Seen): Json {
  return seen.state === "absent" ? { state: "absent" } : { state: "present", level: seen.level, until: seen.until };
}
