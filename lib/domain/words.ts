import type { Entitlement, Level, Place, PlaceKind } from "./entitlement.ts";

/** Words for people that more than one page says. Pure: no dates in somebody's zone, no markup. */

const KIND: Record<PlaceKind, string> = {
  "gitlab-group": "GitLab group",
  "gitlab-project": "GitLab project",
  "aws-iam-group": "AWS IAM group",
  "aws-iam-role": "AWS IAM role",
};

const LEVEL: Record<Level, string> = {
  guest: "Guest",
  planner: "Planner",
  reporter: "Reporter",
  developer: "Developer",
  maintainer: "Maintainer",
  owner: "Owner",
  member: "member",
  assume: "may assume",
};

export function kindWords(kind: PlaceKind): string {
  return KIND[kind];
}

export function levelWords(level: Level): string {
  return LEVEL[level];
}

/** "GitLab group acme/payments". */
export function placeWords({ kind, target }: Pick<Place, "kind" | "target">): string {
  return `${KIND[kind]} ${target}`;
}

/** "Maintainer in GitLab group acme/payments". */
export function entitlementWords(entitlement: Pick<Entitlement, "kind" | "target" | "level">): string {
  const place = placeWords(entitlement);
  if (entitlement.level === "member") return `Member of ${place}`;
  if (entitlement.level === "assume") return `May assume ${place}`;
  return `${LEVEL[entitlement.level]} in ${place}`;
}

/** "30 min", "1 h", "1 h 30 min", "2 d". */
export function durationWords(minutes: number): string {
  const days = Math.floor(minutes / (24 * 60));
  const hours = Math.floor((minutes % (24 * 60)) / 60);
  const rest = Math.round(minutes % 60);
  const parts = [days > 0 ? `${days} d` : "", hours > 0 ? `${hours} h` : "", rest > 0 ? `${rest} min` : ""];
  return parts.filter(Boolean).join(" ") || "0 min";
}

/** "add maya to acme/roles/payments-maintainer as Maintainer": what will be done at the provider, as approvers see it. */
export function actionWords(entitlement: Entitlement, account: string | null): string {
  const who = account ?? "(no account)";
  switch (entitlement.kind) {
    case "gitlab-group":
    case "gitlab-project":
      return `GitLab: add ${who} to ${entitlement.target} as ${LEVEL[entitlement.level]}`;
    case "aws-iam-group":
      return `AWS: add IAM user ${who} to group ${entitlement.target}`;
    case "aws-iam-role":
      return `AWS: let IAM user ${who} assume role ${entitlement.target}`;
  }
}

/** "Omar", "Omar or Nina", "Omar or 2 others". */
export function anyOf(names: readonly string[]): string {
  const [first, second, ...rest] = names;
  if (first === undefined) return "nobody";
  if (second === undefined) return first;
  return rest.length === 0 ? `${first} or ${second}` : `${first} or ${rest.length + 1} others`;
}

type Told = Readonly<Record<"kind" | "place" | "target" | "account" | "answer" | "before" | "readBack", unknown>>;

/** "GitLab group acme/payments, as maya: nothing became Maintainer (201 Created)". */
export function receiptWords({ place, target, account, answer, before, readBack }: Told): string {
  const where =
    typeof place === "string" && place in KIND
      ? placeWords({ kind: place as PlaceKind, target: String(target) })
      : String(target);
  const who = typeof account === "string" ? `, as ${account}` : "";
  const said = typeof answer === "string" ? ` (${answer})` : "";
  return `${where}${who}: ${standingWords(before)} became ${standingWords(readBack)}${said}`;
}

function standingWords(standing: unknown): string {
  const { state, level } = (standing ?? {}) as { state?: unknown; level?: unknown };
  if (state === "absent") return "nothing";
  return typeof level === "string" && level in LEVEL ? LEVEL[level as Level] : "something";
}
