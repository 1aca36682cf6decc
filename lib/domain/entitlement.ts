/** What an entitlement can point at. */
export type Provider = "gitlab" | "aws";

const PLACES = {
  "gitlab-group": {
    provider: "gitlab",
    levels: ["guest", "planner", "reporter", "developer", "maintainer", "owner"],
    target: /^[\w.-]+(\/[\w.-]+)*$/,
  },
  "gitlab-project": {
    provider: "gitlab",
    levels: ["guest", "planner", "reporter", "developer", "maintainer", "owner"],
    target: /^[\w.-]+(\/[\w.-]+)+$/,
  },
  "aws-iam-group": { provider: "aws", levels: ["member"], target: /^[\w+=,.@-]{1,128}$/ },
  "aws-iam-role": { provider: "aws", levels: ["assume"], target: /^[\w+=,.@-]{1,64}$/ },
} as const satisfies Record<string, { provider: Provider; levels: readonly string[]; target: RegExp }>;

export type PlaceKind = keyof typeof PLACES;
export type Level = (typeof PLACES)[PlaceKind]["levels"][number];

export const PLACE_KINDS = Object.keys(PLACES) as readonly PlaceKind[];

/** One line of a role: a level at a place of one connection. `target` is a GitLab full path or an IAM name. */
export type Entitlement = {
  readonly connection: string;
  readonly kind: PlaceKind;
  readonly target: string;
  readonly level: Level;
};

export type Place = Omit<Entitlement, "level">;

export function isPlaceKind(value: string): value is PlaceKind {
  return Object.hasOwn(PLACES, value);
}

export function providerOf(kind: PlaceKind): Provider {
  return PLACES[kind].provider;
}

/** Lowest first. */
export function levelsOf(kind: PlaceKind): readonly Level[] {
  return PLACES[kind].levels;
}

export function isLevelOf(kind: PlaceKind, value: string): value is Level {
  return (PLACES[kind].levels as readonly string[]).includes(value);
}

export function isTargetOf(kind: PlaceKind, value: string): boolean {
  return value.length <= 255 && PLACES[kind].target.test(value);
}

/** Negative when `a` gives less than `b`. @throws RangeError for a level that the kind does not know: unknown denies. */
export function compareLevels(kind: PlaceKind, a: Level, b: Level): number {
  return rankOf(kind, a) - rankOf(kind, b);
}

export function higherLevel(kind: PlaceKind, a: Level, b: Level): Level {
  return compareLevels(kind, a, b) >= 0 ? a : b;
}

export function lowerLevel(kind: PlaceKind, a: Level, b: Level): Level {
  return compareLevels(kind, a, b) <= 0 ? a : b;
}

/** GitLab looks a path up without its case, and IAM has no two names that differ by it only. */
export function samePlace(a: Place, b: Place): boolean {
  return a.connection === b.connection && a.kind === b.kind && a.target.toLowerCase() === b.target.toLowerCase();
}

function rankOf(kind: PlaceKind, level: Level): number {
  const rank = (PLACES[kind].levels as readonly string[]).indexOf(level);
  if (rank < 0) throw new RangeError(`unknown level ${level} at a ${kind}`);
  return rank;
}
