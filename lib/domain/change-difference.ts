import type { Change, Json } from "./change.ts";
import { PLACE_KINDS, isLevelOf, isPlaceKind, levelsOf } from "./entitlement.ts";
import { ROLE_FIELDS, roleFieldWords, type RoleField } from "./role-difference.ts";
import { durationWords, levelWords, placeWords } from "./words.ts";

/** One side of a difference: words, a moment to be shown in the viewer's zone, or nothing. */
export type Shown = string | Date | null;
export type ChangeDifference = { readonly what: string; readonly before: Shown; readonly after: Shown };

type NameOf = (id: string) => string;
type Fact = readonly [what: string, shown: Shown];
type Fields = { readonly [name: string]: Json };

const STATES: Readonly<Record<string, string>> = {
  PENDING: "waiting for a decision",
  APPROVED: "approved",
  DENIED: "denied",
  WITHDRAWN: "withdrawn",
  EXPIRED: "nobody decided in time",
  SCHEDULED: "scheduled",
  ACTIVATING: "being set up",
  ACTIVE: "active",
  ENDING: "being removed",
  ENDED: "proved gone",
  REVOKING: "being taken back",
  REVOKED: "proved gone",
  ACTIVATION_FAILED: "could not be set up",
};

const MOMENTS: Readonly<Record<string, string>> = {
  startsAt: "Start",
  endsAt: "End",
  expiresAt: "Expires",
  revokedAt: "Revoked",
  deactivatedAt: "Deactivated",
  keptUntil: "Kept until",
  missingSince: "Not found since",
};

const OTHERS: Readonly<Record<string, string>> = {
  approvals: "Approvals so far",
  brokenAt: "First broken change",
  entries: "Changes",
  format: "Format",
  isAdmin: "Admin",
  isAuditor: "Auditor",
  key: "Key",
  needed: "Second person for widening",
  owners: "Owners",
  publicKey: "Public key",
  roleVersion: "Role version",
  answer: "The provider’s answer",
  username: "User name",
  days: "Days until personal fields are redacted",
  upTo: "Up to change",
  scopes: "May do",
  selection: "Which changes",
  ticket: "Ticket",
  version: "Version",
};

/**
 * What one entry of the history changed, in words, from its `before` and `after`. `nameOf` names groups and people by
 * their id. A field that is not known here keeps its own name and value, so nothing is hidden.
 */
export function changeDifferences(change: Pick<Change, "before" | "after">, nameOf: NameOf): ChangeDifference[] {
  const before = new Map(factsOf(change.before, nameOf));
  const after = new Map(factsOf(change.after, nameOf));
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((what) => ({ what, before: before.get(what) ?? null, after: after.get(what) ?? null }))
    .filter((difference) => String(difference.before) !== String(difference.after));
}

function factsOf(side: Json, nameOf: NameOf): Fact[] {
  if (isList(side)) return side.flatMap((line) => (isFields(line) ? [placeFact(line)] : []));
  if (!isFields(side)) return [];
  if (side.state === "present" || side.state === "absent") return [["Access", standingWords(side)]];
  return Object.entries(side)
    .sort(([a], [b]) => rank(a) - rank(b))
    .flatMap(([name, value]) => fieldFacts(name, value, nameOf));
}

/** As people would tell it: what it is now, then the fields of a role as its form has them, then the rest. */
const ORDER = ["state", "version", ...Object.keys(ROLE_FIELDS)];

function rank(name: string): number {
  const at = ORDER.indexOf(name);
  return at < 0 ? ORDER.length : at;
}

function fieldFacts(name: string, value: Json, nameOf: NameOf): Fact[] {
  // The token's own name is in the sentence; its id says nothing to anybody.
  if (value === null || name === "tokenId") return [];
  if (name === "entitlements" && isList(value)) return factsOf(value, nameOf);
  if (name === "state" && typeof value === "string") return [["State", STATES[value] ?? value]];
  if (name === "minutes" && typeof value === "number") return [["Time", durationWords(value)]];
  if (MOMENTS[name] && typeof value === "string") return [[MOMENTS[name], new Date(value)]];
  if (isRoleField(name) && (typeof value === "string" || typeof value === "number"))
    return [[ROLE_FIELDS[name], roleFieldWords(name, value, nameOf)]];
  if (name === "owners" && isList(value)) return [["Owners", value.map((id) => nameOf(plainWords(id))).join(", ")]];
  return [[OTHERS[name] ?? name, plainWords(value)]];
}

function placeFact(line: Fields): Fact {
  const { kind, target, level } = line;
  if (typeof kind !== "string" || !isPlaceKind(kind)) return [plainWords(target), plainWords(level)];
  const known = typeof level === "string" && isLevelOf(kind, level) ? levelWords(level) : null;
  return [placeWords({ kind, target: plainWords(target) }), known];
}

function standingWords({ state, level, until }: Fields): string {
  if (state === "absent") return "none";
  const words = plainWords(level);
  const known = LEVELS[words] ?? words;
  return typeof until === "string" ? `${known} until ${until}` : `${known}, no expiry`;
}

/** A standing names its level without its kind of place, and a level has the same words at all of them. */
const LEVELS: Readonly<Record<string, string>> = Object.fromEntries(
  PLACE_KINDS.flatMap(levelsOf).map((level) => [level, levelWords(level)]),
);

function plainWords(value: Json | undefined): string {
  if (value === undefined) return "?";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (isList(value)) return value.map(plainWords).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isRoleField(name: string): name is RoleField {
  return Object.hasOwn(ROLE_FIELDS, name);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isFields(value: Json): value is Fields {
  return typeof value === "object" && value !== null && !isList(value);
}
