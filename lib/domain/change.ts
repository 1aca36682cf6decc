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
  | "history.broken";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

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
  readonly about: { readonly [name: string]: Json };
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

/** Whether `text`, which was parsed to `value`, is its canonical JSON. Several times as fast as making it anew. */
export function isCanonicalJson(text: string, value: Json): boolean {
  // Without escapes by number there is no half of a pair, and what JSON.stringify gives differs in the order of keys alone.
  if (!text.includes(String.raw`\u`) && hasSortedKeys(value) && JSON.stringify(value) === text) return true;
  try {
    return canonicalJson(value) === text;
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
