import type { People } from "../people.ts";
import { addMember } from "./membership.ts";
import { createGroup, createProject } from "./places.ts";
import { nextId, type GitlabGroup, type GitlabState, type GitlabUser } from "./state.ts";

/** The token Daypass uses here. Well known on purpose: this GitLab listens on loopback only and holds nothing. */
export const DAYPASS_TOKEN = "glpat-sandbox-daypass";

/** A small company: three product groups with owners, and the role groups that are shared into them. */
export function seedGitlab(people: People, now: Date): GitlabState {
  const state = emptyGitlab(now);
  const bot = createUser(state, { username: "daypass-bot", name: "Daypass", isAdmin: true }, now);
  state.tokens.set(DAYPASS_TOKEN, {
    id: nextId(state),
    userId: bot.id,
    name: "daypass",
    scopes: ["api"],
    createdAt: now,
    expiresAt: null,
    revoked: false,
  });
  for (const { username, name, email, subject } of people.values()) {
    createUser(state, { username, name, email, subject }, now);
  }

  const put = (group: GitlabGroup, username: string, accessLevel: number) => {
    const user = [...state.users.values()].find((each) => each.username === username);
    if (user) addMember(group, { userId: user.id, accessLevel, expiresAt: null, createdBy: bot.id }, now);
  };
  const group = (name: string, parent: GitlabGroup | null) =>
    createGroup(state, { name, path: name.toLowerCase(), parent, visibility: "private" }, now);

  const acme = group("Acme", null);
  put(acme, "ines", 30);
  put(acme, "theo", 20);
  const payments = group("Payments", acme);
  put(payments, "omar", 50);
  put(payments, "maya", 30);
  const platform = group("Platform", acme);
  put(platform, "noor", 50);
  put(platform, "lena", 30);
  const data = group("Data", acme);
  put(data, "noor", 50);
  put(data, "lena", 30);

  const roles = group("Roles", acme);
  put(roles, "daypass-bot", 50);
  const share = (name: string, into: GitlabGroup, accessLevel: number) => {
    const { id } = group(name, roles);
    into.shares.set(id, { groupId: id, accessLevel, expiresAt: null });
  };
  share("payments-maintainer", payments, 40);
  share("payments-owner", payments, 50);
  share("platform-maintainer", platform, 40);
  share("data-developer", data, 30);

  for (const [path, parent] of [
    ["api", payments],
    ["web", payments],
    ["infra", platform],
  ] as const) {
    createProject(state, { name: path, path, parent, visibility: "private" }, now);
  }
  return state;
}

type NewUser = {
  readonly username: string;
  readonly name: string;
  readonly email?: string;
  readonly subject?: string;
  readonly isAdmin?: boolean;
  readonly botOfProject?: number;
};

export function createUser(state: GitlabState, given: NewUser, now: Date): GitlabUser {
  const { username, name, email, subject, isAdmin, botOfProject } = given;
  const user: GitlabUser = {
    id: nextId(state),
    username,
    name,
    email: email ?? `${username}@acme.test`,
    state: "active",
    isAdmin: isAdmin ?? false,
    botOfProject: botOfProject ?? null,
    createdAt: now,
    identities: subject === undefined ? [] : [{ provider: "openid_connect", extern_uid: subject }],
  };
  state.users.set(user.id, user);
  return user;
}

function emptyGitlab(now: Date): GitlabState {
  return { users: new Map(), groups: new Map(), projects: new Map(), tokens: new Map(), lastId: 0, sweptUpTo: now };
}
