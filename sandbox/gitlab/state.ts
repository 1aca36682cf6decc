/** Everything the sandbox's GitLab knows. Plain data without methods, so that `structuredClone` can copy it. */
export type GitlabState = {
  users: Map<number, GitlabUser>;
  groups: Map<number, GitlabGroup>;
  projects: Map<number, GitlabProject>;
  tokens: Map<string, GitlabToken>;
  nextId: number;
};

export type GitlabUser = {
  readonly id: number;
  readonly username: string;
  name: string;
  email: string;
  state: "active" | "blocked";
  readonly isAdmin: boolean;
  /** A bot that belongs to one project: GitLab refuses it as a member anywhere else. */
  readonly isProjectBot: boolean;
  readonly createdAt: string;
  identities: { provider: string; extern_uid: string }[];
};

export type Member = {
  readonly userId: number;
  accessLevel: number;
  /** A date without a time, `YYYY-MM-DD`, or null. */
  expiresAt: string | null;
  readonly createdAt: string;
  updatedAt: string;
  readonly createdBy: number | null;
};

/** One group that was given access to another group or to a project. */
export type Share = { readonly groupId: number; readonly accessLevel: number; readonly expiresAt: string | null };

export type Visibility = "private" | "internal" | "public";

/** What groups and projects have in common: a place with members, below another place. */
type Source = {
  readonly id: number;
  name: string;
  path: string;
  fullPath: string;
  description: string;
  visibility: Visibility;
  readonly createdAt: string;
  members: Map<number, Member>;
  shares: Map<number, Share>;
  requesters: Set<number>;
};

export type GitlabGroup = Source & { readonly kind: "group"; readonly parentId: number | null; membershipLock: boolean };
export type GitlabProject = Source & { readonly kind: "project"; readonly parentId: number };
export type MemberSource = GitlabGroup | GitlabProject;

export type GitlabToken = {
  readonly id: number;
  readonly userId: number;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  lastUsedAt: string | null;
  expiresAt: string | null;
  revoked: boolean;
};
