import { entitlementChanges, type RoleSpec } from "./role.ts";
import { durationWords, levelWords, placeWords } from "./words.ts";

/** One difference between two versions, in words: "Longest time: 4 h → 8 h". Null: there is nothing on that side. */
export type Difference = { readonly what: string; readonly before: string | null; readonly after: string | null };

/** What changes from one version to the next, fields first, then places. `groupPath` names a group by its id. */
export function differences(before: RoleSpec, after: RoleSpec, groupPath: (id: string) => string): Difference[] {
  const fields: [string, string, string][] = [
    ["Name", before.name, after.name],
    ["Summary", before.summary, after.summary],
    ["Owner group", groupPath(before.ownerGroupId), groupPath(after.ownerGroupId)],
    ["Who may ask", groupPath(before.requesterGroupId), groupPath(after.requesterGroupId)],
    ["Approvals needed", String(before.approvalsNeeded), String(after.approvalsNeeded)],
    ["Longest time", durationWords(before.maxMinutes), durationWords(after.maxMinutes)],
    ["Time to decide", durationWords(before.decideWithinMinutes), durationWords(after.decideWithinMinutes)],
  ];
  const changed = fields
    .filter(([, old, now]) => old !== now)
    .map(([what, old, now]) => ({ what, before: old, after: now }));
  const places = entitlementChanges(before.entitlements, after.entitlements).map((change): Difference => {
    const what = placeWords(change.entitlement);
    const level = levelWords(change.entitlement.level);
    if (change.kind === "added") return { what, before: null, after: level };
    return "from" in change
      ? { what, before: levelWords(change.from), after: level }
      : { what, before: level, after: null };
  });
  return [...changed, ...places];
}
