import { entitlementChanges, type RoleSpec } from "./role.ts";
import { durationWords, levelWords, placeWords } from "./words.ts";

/** One difference between two versions, in words: "Longest time", "4 h", "8 h". Null: there is nothing on that side. */
export type Difference = { readonly what: string; readonly before: string | null; readonly after: string | null };

export type RoleField = Exclude<keyof RoleSpec, "entitlements">;

export const ROLE_FIELDS: Readonly<Record<RoleField, string>> = {
  name: "Name",
  summary: "Summary",
  ownerGroupId: "Owner group",
  requesterGroupId: "Who may ask",
  approvalsNeeded: "Approvals needed",
  maxMinutes: "Longest time",
  decideWithinMinutes: "Time to decide",
};

/** What one field of a role says. `nameOf` names a group by its id. */
export function roleFieldWords(field: RoleField, value: string | number, nameOf: (id: string) => string): string {
  if (field === "ownerGroupId" || field === "requesterGroupId") return nameOf(String(value));
  if (field === "maxMinutes" || field === "decideWithinMinutes") return durationWords(Number(value));
  return String(value);
}

/** What changes from one version to the next, fields first, then places. `nameOf` names a group by its id. */
export function differences(before: RoleSpec, after: RoleSpec, nameOf: (id: string) => string): Difference[] {
  const fields = (Object.keys(ROLE_FIELDS) as RoleField[])
    .filter((field) => before[field] !== after[field])
    .map((field) => ({
      what: ROLE_FIELDS[field],
      before: roleFieldWords(field, before[field], nameOf),
      after: roleFieldWords(field, after[field], nameOf),
    }));
  const places = entitlementChanges(before.entitlements, after.entitlements).map((change): Difference => {
    const what = placeWords(change.entitlement);
    const level = levelWords(change.entitlement.level);
    if (change.kind === "added") return { what, before: null, after: level };
    return "from" in change
      ? { what, before: levelWords(change.from), after: level }
      : { what, before: level, after: null };
  });
  return [...fields, ...places];
}
