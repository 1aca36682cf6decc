import type { Change, ChangeKind, Json } from "./change.ts";

/** One entry of the history with its place in the chain. */
export type Proved = { readonly seq: number; readonly change: Change };

/** What the history proves of one request, and nothing that it does not say. Times are ISO 8601. */
export type Evidence = {
  readonly requestId: string;
  readonly asked: {
    readonly at: string;
    readonly by: string;
    readonly byId: string | null;
    readonly role: string | null;
    readonly roleVersion: Json;
    readonly minutes: Json;
    readonly why: string | null;
    readonly ticket: Json;
    readonly startsAt: Json;
  } | null;
  /** Who published the version of the role that was asked for, and what it says; null when that lies outside. */
  readonly policy: {
    readonly at: string;
    readonly by: string;
    readonly why: string | null;
    readonly says: Json;
  } | null;
  readonly decisions: readonly {
    readonly at: string;
    readonly verdict: "approved" | "denied";
    readonly by: string;
    readonly byId: string | null;
    readonly minutes: Json;
    readonly note: string | null;
  }[];
  /** What was written at the providers, each with what was read back. */
  readonly receipts: readonly {
    readonly at: string;
    readonly kind: ChangeKind;
    readonly connection: Json;
    readonly place: Json;
    readonly target: Json;
    readonly account: Json;
    readonly answer: Json;
    readonly before: Json;
    readonly readBack: Json;
  }[];
  /** When all of it was read back as in place. */
  readonly activeAt: string | null;
  /** Why it ended before anybody gave it, or who ended it and why. */
  readonly ending: {
    readonly kind: ChangeKind;
    readonly at: string;
    readonly by: string;
    readonly why: string | null;
  } | null;
  /** When all of it was read back as gone. */
  readonly goneAt: string | null;
  /** The numbers of the entries that all of this comes from. */
  readonly entries: readonly number[];
};

/** What is written at a provider. */
export const WRITES: readonly ChangeKind[] = ["binding.applied", "binding.removed", "binding.restored"];
const ENDINGS: readonly ChangeKind[] = [
  ...(["request.withdrawn", "request.expired"] as const),
  ...(["grant.ending", "grant.revoking", "grant.failed"] as const),
];

/** Every request that these entries, in their order, tell of, in the order in which they first do. */
export function evidenceIn(entries: readonly Proved[]): Evidence[] {
  const byRequest = Map.groupBy(
    entries.filter(({ change }) => isOfRequest(change)),
    ({ change }) => change.requestId,
  );
  const shared: Shared = {
    writes: Map.groupBy(byRequest.get(null) ?? [], ({ change }) => change.personId),
    policies: new Map(entries.flatMap((entry) => (isOfRole(entry.change) ? [[policyKey(entry.change), entry]] : []))),
  };
  return [...byRequest].flatMap(([id, own]) => (id === null ? [] : [evidenceOf(id, own, shared)]));
}

/** What several requests may rest on: writes that served more than one grant, by person, and versions of roles. */
type Shared = {
  readonly writes: ReadonlyMap<string | null, readonly Proved[]>;
  readonly policies: ReadonlyMap<string, Proved>;
};

function isOfRequest({ kind }: Change): boolean {
  return kind.startsWith("request.") || kind.startsWith("grant.") || WRITES.includes(kind);
}

function isOfRole({ kind }: Change): boolean {
  return kind.startsWith("role.");
}

function policyKey({ roleId, after }: Change): string {
  return `${roleId ?? ""} ${JSON.stringify(field(after, "version") ?? field(after, "roleVersion"))}`;
}

function evidenceOf(requestId: string, own: readonly Proved[], shared: Shared): Evidence {
  const find = (...kinds: ChangeKind[]) => own.find(({ change }) => kinds.includes(change.kind))?.change ?? null;
  const submitted = find("request.submitted");
  const gone = find("grant.ended", "grant.revoked");
  const ending = own.find(({ change }) => ENDINGS.includes(change.kind))?.change ?? null;
  const granted = find("grant.scheduled", "grant.activating");
  const writes = [
    ...own.filter(({ change }) => WRITES.includes(change.kind)),
    ...(shared.writes.get(granted?.personId ?? "") ?? []).filter(({ change }) => isAtPlaceOf(granted, gone, change)),
  ].sort((a, b) => a.seq - b.seq);
  const policy = submitted && shared.policies.get(policyKey(submitted));
  const used = [...own, ...writes, ...(policy ? [policy] : [])];
  return {
    requestId,
    asked: submitted && askedIn(submitted),
    policy: policy ? policyIn(policy.change) : null,
    decisions: own.flatMap(({ change }) => decisionIn(change)),
    receipts: writes.map(({ change }) => receiptIn(change)),
    activeAt: find("grant.active")?.at ?? null,
    ending: ending && { kind: ending.kind, at: ending.at, by: ending.actor.name, why: ending.why },
    goneAt: gone?.at ?? null,
    entries: [...new Set(used.map(({ seq }) => seq))].sort((a, b) => a - b),
  };
}

/** A write that served several grants names none of them: it is one of ours when it was at a place of ours in our time. */
function isAtPlaceOf(granted: Change | null, gone: Change | null, write: Change): boolean {
  if (!granted || write.at < granted.at) return false;
  if (gone && write.at > gone.at) return false;
  const places = field(granted.after, "entitlements");
  const isHere = (place: Json) =>
    (["connection", "kind", "target"] as const).every((name) => field(place, name) === write.about[name]);
  return Array.isArray(places) && places.some((place: Json) => isHere(place));
}

function askedIn({ at, actor, about, why, after }: Change): Evidence["asked"] {
  return {
    at,
    by: actor.name,
    byId: actor.id,
    role: typeof about.role === "string" ? about.role : null,
    roleVersion: field(after, "roleVersion"),
    minutes: field(after, "minutes"),
    why,
    ticket: field(after, "ticket"),
    startsAt: field(after, "startsAt"),
  };
}

function policyIn({ at, actor, why, after }: Change): Evidence["policy"] {
  return { at, by: actor.name, why, says: after };
}

function decisionIn({ kind, at, actor, why, after }: Change): Evidence["decisions"] {
  if (kind !== "request.approved" && kind !== "request.denied") return [];
  const verdict = kind === "request.approved" ? "approved" : "denied";
  return [{ at, verdict, by: actor.name, byId: actor.id, minutes: field(after, "minutes"), note: why }];
}

function receiptIn({ kind, at, about, before, after }: Change): Evidence["receipts"][number] {
  return {
    at,
    kind,
    connection: about.connection ?? null,
    place: about.kind ?? null,
    target: about.target ?? null,
    account: about.account ?? null,
    answer: about.answer ?? null,
    before,
    readBack: after,
  };
}

function field(value: Json, name: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return (value as { readonly [key: string]: Json })[name] ?? null;
}
