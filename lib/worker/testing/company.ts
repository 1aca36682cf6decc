import type { Entitlement, Level, Place } from "../../domain/entitlement.ts";
import type { RoleSpec } from "../../domain/role.ts";
import type { Actor } from "../../domain/actor.ts";

/** Who and what every history is about. Small on purpose: everything collides with everything. */
export type Holder = { readonly id: string; readonly name: string; readonly account: string };

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;

export const HOLDERS: readonly Holder[] = [
  { id: id(1), name: "Maya", account: "101" },
  { id: id(2), name: "Lena", account: "102" },
];

export const OWNERS: readonly Holder[] = [
  { id: id(3), name: "Omar", account: "103" },
  { id: id(4), name: "Noor", account: "104" },
];

export const GROUP_ID = id(10);

export const PLACES = [
  { connection: "gitlab", kind: "gitlab-group", target: "acme/roles/payments" },
  { connection: "gitlab", kind: "gitlab-project", target: "acme/data" },
  { connection: "aws", kind: "aws-iam-group", target: "payments-admin" },
  { connection: "aws", kind: "aws-iam-role", target: "deployer" },
] as const satisfies readonly Place[];

type Line = readonly [place: number, level: Level];

/** What each role may say. A history begins with the first; publishing takes another, so roles narrow and widen. */
const VERSIONS: readonly (readonly (readonly Line[])[])[] = [
  [
    [
      [0, "maintainer"],
      [2, "member"],
    ],
    [[0, "guest"]],
    [
      [0, "owner"],
      [1, "developer"],
      [2, "member"],
      [3, "assume"],
    ],
  ],
  [
    [
      [0, "developer"],
      [1, "developer"],
      [3, "assume"],
    ],
    [[1, "reporter"]],
    [
      [0, "maintainer"],
      [3, "assume"],
    ],
  ],
  [
    [
      [1, "maintainer"],
      [2, "member"],
    ],
    [
      [1, "guest"],
      [2, "member"],
    ],
    [[3, "assume"]],
  ],
];

export const ROLES = VERSIONS.map((versions, n) => ({
  id: id(20 + n),
  versionId: id(30 + n),
  slug: `role-${n}`,
  versions: versions.map(entitlementsOf),
}));

export type Role = (typeof ROLES)[number];

export function specOf(role: Role, version: number): RoleSpec {
  return {
    name: role.slug,
    summary: "",
    ownerGroupId: GROUP_ID,
    requesterGroupId: GROUP_ID,
    approvalsNeeded: 1,
    maxMinutes: 600,
    decideWithinMinutes: 60,
    entitlements: at(role.versions, version),
  };
}

export function actorOf({ id: personId, name }: Holder, isAdmin = false): Actor {
  return { personId, name, isAdmin, isAuditor: false, via: "web" };
}

/** The choice that a number stands for, whatever the number is. */
export function at<T>(choices: readonly T[], n: number): T {
  const choice = choices[n % choices.length];
  if (choice === undefined) throw new RangeError("nothing to choose from");
  return choice;
}

function entitlementsOf(lines: readonly Line[]): Entitlement[] {
  return lines.map(([place, level]) => ({ ...at(PLACES, place), level }));
}
