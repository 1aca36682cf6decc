/** Everything the sandbox's GitLab knows. Plain data without methods, so that `structuredClone` can copy it. */
export type GitlabState = {
  users: Map<number, GitlabUser>;
  groups: Map<number, GitlabGroup>;
  projects: Map<number, GitlabProject>;
  /** By the token itself. */
  tokens: Map<string, GitlabToken>;
  /** One sequence for everything, so that a group's id can never be mistaken for a user's. */
  lastId: number;
  /** The nightly sweep has run for every night up to here. */
  sweptUpTo: Date;
};

export type GitlabUser = {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly email: string;
  state: "active" | "blocked";
  readonly isAdmin: boolean;
  /** The project this bot belongs to; GitLab refuses it as a member anywhere else. Null for everybody else. */
  readonly botOfProject: number | null;
  readonly createdAt: Date;
  readonly identities: readonly { readonly provider: string; readonly extern_uid: string }[];
};

export type Member = {
  readonly userId: number;
  readonly accessLevel: number;
  /** A date without a time, `YYYY-MM-DD`, or null. */
  readonly expiresAt: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly createdBy: number | null;
};

/** One group that was given access to another group or to a project. */
export type Share = { readonly groupId: number; readonly accessLevel: number; readonly expiresAt: string | null };

export type Visibility = "private" | "internal" | "public";

type Place = {
  readonly id: number;
  readonly name: string;
  path: string;
  fullPath: string;
  readonly description: string;
  readonly visibility: Visibility;
  readonly createdAt: Date;
  /** Direct members only, by user id. */
  readonly members: Map<number, Member>;
  /** By the id of the invited group. */
  readonly shares: Map<number, Share>;
  /** Users who asked for access and have none. */
  readonly requesters: Set<number>;
};

export type GitlabGroup = Place & {
  readonly kind: "group";
  readonly parentId: number | null;
  readonly membershipLock: boolean;
};
export type GitlabProject = Place & { readonly kind: "project"; readonly parentId: number };
export type MemberSource = GitlabGroup | GitlabProject;

export type GitlabToken = {
  readonly id: number;
  readonly userId: number;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: string | null;
  readonly revoked: boolean;
};

export function nextId(state: GitlabState): number {
  state.lastId += 1;
  return state.lastId;
}
