/** Everything that can happen, in the history's own words. */
export type ChangeKind =
  | "request.submitted"
  | "request.approved"
  | "request.denied"
  | "request.withdrawn"
  | "request.expired"
  | "grant.scheduled"
  | "grant.activating"
  | "grant.active"
  | "grant.ending"
  | "grant.ended"
  | "grant.revoking"
  | "grant.revoked"
  | "grant.failed"
  | "grant.narrowed"
  | "binding.applied"
  | "binding.removed"
  | "binding.restored"
  | "binding.drifted"
  | "access.found"
  | "access.gone"
  | "access.kept"
  | "access.exception-ended"
  | "access.removal-asked"
  | "access.removed"
  | "place.missing"
  | "place.found"
  | "place.unclear"
  | "place.clear"
  | "role.created"
  | "role.published"
  | "role.rolled-back"
  | "role.widened"
  | "rollback.change"
  | "rollback.point"
  | "widening.proposed"
  | "widening.approved"
  | "widening.denied"
  | "widening.withdrawn"
  | "widening.expired"
  | "widening.overtaken"
  | "four-eyes.switched"
  | "person.joined"
  | "account.missing"
  | "account.found"
  | "person.renamed"
  | "person.roles-changed"
  | "person.deactivated"
  | "person.reactivated"
  | "token.created"
  | "token.revoked"
  | "group.missing"
  | "group.owners-changed"
  | "history.exported"
  | "history.key-added"
  | "history.broken"
  | "history.redacted"
  | "retention.changed";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Names and facts of what an entry is about; every field there may be is listed in personal.ts. */
export type About = { readonly [name: string]: Json };

/**
 * One entry of the history, before it is chained. `about` carries the names as they were then, so that the sentence
 * stays readable after people and roles are renamed. Ids are UUIDs, times ISO 8601 with milliseconds and Z.
 */
export type Change = {
  readonly id: string;
  readonly at: string;
  readonly kind: ChangeKind;
  readonly actor: {
    readonly kind: "person" | "system" | "host";
    readonly id: string | null;
    readonly name: string;
    readonly via: string;
  };
  readonly about: About;
  readonly personId: string | null;
  readonly roleId: string | null;
  readonly requestId: string | null;
  readonly grantId: string | null;
  readonly bindingId: string | null;
  readonly causeId: string | null;
  readonly why: string | null;
  readonly before: Json;
  readonly after: Json;
};

/**
 * An entry as it is kept. Written with `personal`: the paths of its personal fields and the salt of their commitments. Once
 * redacted it has `commitments` by path instead, and neither salt nor fields. Older entries have neither.
 */
export type StoredChange = Change & {
  readonly personal?: { readonly paths: readonly string[]; readonly salt: string };
  readonly commitments?: { readonly [path: string]: string };
};

/**
 * Canonical JSON as RFC 8785 defines it: keys sorted by UTF-16 code units, no white space, ECMAScript numbers.
 * @throws TypeError for what has no canonical form: half a surrogate pair, a number that is none
 */
export function canonicalJson(value: Json): string {
  if (typeof value === "string") return canonicalText(value);
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError("a number that is none");
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(",")}]`;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, item]) => `${canonicalText(key)}:${canonicalJson(item)}`).join(",")}}`;
}

/** The canonical JSON of what came out of JSON, and so has no number that is none. Several times as fast. */
export function canonicalParsed(value: Json): string {
  if (!hasSortedKeys(value)) return canonicalJson(value);
  const text = JSON.stringify(value);
  // Without escapes by number there is no half of a pair, and what JSON.stringify gives differs in the order of keys alone.
  return text.includes(String.raw`\u`) ? canonicalJson(value) : text;
}

/** Whether `text`, which was parsed to `value`, is its canonical JSON. */
export function isCanonicalJson(text: string, value: Json): boolean {
  try {
    return canonicalParsed(value) === text;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

function hasSortedKeys(value: Json): boolean {
  if (value === null || typeof value !== "object") return true;
  if (Array.isArray(value)) return value.every((item: Json) => hasSortedKeys(item));
  let before = "";
  for (const [key, item] of Object.entries(value)) {
    if (key < before || !hasSortedKeys(item)) return false;
    before = key;
  }
  return true;
}

function canonicalText(text: string): string {
  if (!text.isWellFormed()) throw new TypeError("half a surrogate pair");
  return JSON.stringify(text);
}
