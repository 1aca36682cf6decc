import { isLevelOf, isPlaceKind, type Entitlement } from "./entitlement.ts";
import type { RoleSpec } from "./role.ts";
import { ROLE_FIELDS, roleFieldWords, type RoleField } from "./role-difference.ts";
import { levelWords, placeWords } from "./words.ts";

/** What to do with a field that was changed again since: leave it as it is, or set it back all the same. */
export type Choice = "keep" | "restore";

/** A field that the change touched and a later one touched again. Null: there was nothing. */
export type Conflict = {
  readonly field: string;
  readonly before: FieldValue | null;
  readonly after: FieldValue | null;
  readonly now: FieldValue | null;
  readonly choice: Choice | null;
};

type FieldValue = string | number;
type Fields = ReadonlyMap<string, FieldValue>;

/**
 * The role as it is now, without what one change did to it: every field that the change touched goes back to what it was
 * before, unless a later change touched it again. Then it stays, and is a conflict that somebody has to decide.
 * @param choices by field; what is not chosen is kept until it is.
 */
export function undoneRole(
  change: { readonly before: RoleSpec; readonly after: RoleSpec },
  now: RoleSpec,
  choices: Readonly<Record<string, Choice>>,
): { target: RoleSpec; conflicts: Conflict[] } {
  const [before, after, current] = [fieldsOf(change.before), fieldsOf(change.after), fieldsOf(now)];
  const target = new Map(current);
  const conflicts: Conflict[] = [];
  for (const field of new Set([...before.keys(), ...after.keys()])) {
    const [was, became, is] = [before, after, current].map((side) => side.get(field) ?? null);
    if (was === became || is === was) continue;
    const choice = Object.hasOwn(choices, field) ? (choices[field] ?? null) : null;
    if (is !== became) conflicts.push({ field, before: was ?? null, after: became ?? null, now: is ?? null, choice });
    if (is !== became && choice !== "restore") continue;
    if (was === null || was === undefined) target.delete(field);
    else target.set(field, was);
  }
  return { target: specOf(target, now), conflicts };
}

/** What a field is called, as the differences of a role call it. */
export function fieldWords(field: string): string {
  const place = placeIn(field);
  return place ? placeWords(place) : ROLE_FIELDS[field as RoleField];
}

export function fieldValueWords(field: string, value: FieldValue | null, nameOf: (id: string) => string): string {
  if (value === null) return "nothing";
  const place = placeIn(field);
  if (!place) return roleFieldWords(field as RoleField, value, nameOf) || "empty";
  return typeof value === "string" && isLevelOf(place.kind, value) ? levelWords(value) : String(value);
}

function fieldsOf(spec: RoleSpec): Fields {
  const plain = (Object.keys(ROLE_FIELDS) as RoleField[]).map((field) => [field, spec[field]] as const);
  const places = spec.entitlements.map((line) => [placeField(line), line.level] as const);
  return new Map<string, FieldValue>([...plain, ...places]);
}

function specOf(fields: Fields, now: RoleSpec): RoleSpec {
  const plain = Object.fromEntries(
    (Object.keys(ROLE_FIELDS) as RoleField[]).map((field) => [field, fields.get(field)]),
  );
  const entitlements = [...fields].flatMap(([field, level]) => {
    const place = placeIn(field);
    return place && typeof level === "string" && isLevelOf(place.kind, level) ? [{ ...place, level }] : [];
  });
  return { ...now, ...plain, entitlements };
}

/** No part of a place has a space in it, and no field of a role does. */
function placeField({ connection, kind, target }: Entitlement): string {
  return `${connection} ${kind} ${target}`;
}

function placeIn(field: string): Omit<Entitlement, "level"> | null {
  const [connection = "", kind = "", target] = field.split(" ");
  return target !== undefined && isPlaceKind(kind) ? { connection, kind, target } : null;
}
