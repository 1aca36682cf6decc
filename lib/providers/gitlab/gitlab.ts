import { Gitlab } from "@gitbeaker/rest";
import { z } from "zod";
import { backstopDate } from "../../domain/duration.ts";
import type { Level, Place } from "../../domain/entitlement.ts";
import {
  CouldNotTell,
  ProviderRefused,
  type AccessProvider,
  type Account,
  type Answer,
  type DirectoryAccount,
  type DirectoryGroup,
  type Seen,
  type Standing,
  type TargetFacts,
} from "../provider.ts";
import { requesterFn } from "./requester.ts";

export type GitlabConfig = {
  readonly connection: string;
  /** Without /api/v4. */
  readonly url: string;
  readonly token: string;
  /** The name under which GitLab keeps identities of the company's identity provider. */
  readonly identityProvider?: string;
};

/** Access levels by number. Source: GitLab `Gitlab::Access`; a level that is not here is not understood. */
const LEVELS: ReadonlyMap<number, Level> = new Map([
  [10, "guest"],
  [15, "planner"],
  [20, "reporter"],
  [30, "developer"],
  [40, "maintainer"],
  [50, "owner"],
]);
const OWNER = 50;
const PER_PAGE = 100;

const member = z.object({
  id: z.number(),
  access_level: z.number(),
  expires_at: z.iso.date().nullish(),
});
const group = z.object({ id: z.number(), full_path: z.string().min(1), name: z.string(), web_url: z.string() });
const project = z.object({ id: z.number(), name: z.string(), web_url: z.string() });
const user = z.object({
  id: z.number(),
  username: z.string().min(1),
  name: z.string(),
  state: z.string(),
  email: z.string().nullish(),
  identities: z.array(z.object({ provider: z.string(), extern_uid: z.string() })).nullish(),
});

type Members = {
  show(target: string, userId: number): Promise<unknown>;
  add(target: string, level: number, options: object): Promise<unknown>;
  edit(target: string, userId: number, level: number, options: object): Promise<unknown>;
  remove(target: string, userId: number, options: object): Promise<unknown>;
};

/** GitLab as a provider: direct memberships of groups and projects. */
export function createGitlabProvider({ url, token, identityProvider = "openid_connect" }: GitlabConfig): AccessProvider {
  const api = new Gitlab({ host: url, token, requesterFn });
  const membersOf = ({ kind }: Place) => (kind === "gitlab-project" ? api.ProjectMembers : api.GroupMembers) as never as Members;
  const request = requesterFn({
    headers: {},
    url: `${url}/api/v4`,
    authHeaders: { "private-token": () => Promise.resolve(token) },
  });

  async function observe(account: Account, place: Place): Promise<Seen> {
    try {
      return seenOf(await membersOf(place).show(place.target, Number(account.externalId)), account);
    } catch (error) {
      if (isNoMember(error)) return { state: "absent" };
      throw error;
    }
  }

  async function apply(account: Account, place: Place, standing: Standing): Promise<Answer> {
    const members = membersOf(place);
    const id = Number(account.externalId);
    const level = numberOf(standing.level);
    // An empty date clears what is there; leaving it out would keep it.
    const until = standing.until ?? "";
    try {
      await members.edit(place.target, id, level, { expiresAt: until });
      return { status: 200, words: "membership changed" };
    } catch (error) {
      if (!isNoMember(error)) throw error;
    }
    try {
      await members.add(place.target, level, { userId: id, ...(standing.until ? { expiresAt: until } : {}) });
      return { status: 201, words: "membership added" };
    } catch (error) {
      // Somebody added it between the two calls. The next look decides what to do about it.
      if (error instanceof ProviderRefused && error.status === 409) throw new CouldNotTell(error.message, { cause: error });
      throw error;
    }
  }

  async function remove(account: Account, place: Place): Promise<Answer> {
    try {
      // Without it GitLab also deletes the person's direct memberships in everything below. gitbeaker's own name for the
      // option is misspelt and would be ignored.
      await membersOf(place).remove(place.target, Number(account.externalId), { skipSubresources: true });
      return { status: 204, words: "membership removed" };
    } catch (error) {
      if (isNoMember(error)) return { status: 404, words: "there was no membership" };
      throw error;
    }
  }

  async function describe(place: Place): Promise<TargetFacts> {
    const isProject = place.kind === "gitlab-project";
    const path = `${isProject ? "projects" : "groups"}/${encodeURIComponent(place.target)}`;
    try {
      const { body } = await request.get(path, isProject ? {} : { searchParams: { withProjects: false } });
      const found = understood(isProject ? project : group, body);
      return { exists: true, name: found.name, webUrl: found.web_url };
    } catch (error) {
      if (error instanceof ProviderRefused && error.status === 404) return { exists: false, name: place.target, webUrl: null };
      throw error;
    }
  }

  /** Every page of a list. A page that does not lead onwards is a loop, not an end. */
  async function* pages<T>(path: string, item: z.ZodType<T>, query: Record<string, unknown> = {}): AsyncIterable<T> {
    for (let page = 1; ; ) {
      const { body, headers } = await request.get(path, { searchParams: { ...query, page, perPage: PER_PAGE } });
      yield* understood(z.array(item), body);
      const next = headers["x-next-page"];
      if (next === undefined || next === "") return;
      if (!(Number(next) > page)) throw new CouldNotTell("GitLab's list does not come to an end");
      page = Number(next);
    }
  }

  async function* listAccounts(): AsyncIterable<DirectoryAccount> {
    for await (const { id, username, name, email, state, identities } of pages("users", user, { humans: true })) {
      const identity = identities?.find((one) => one.provider === identityProvider);
      yield {
        externalId: String(id),
        username,
        name,
        email: email ?? null,
        subject: identity?.extern_uid ?? null,
        active: state === "active",
      };
    }
  }

  async function* listGroups(): AsyncIterable<DirectoryGroup> {
    for await (const { id, full_path: path, name } of pages("groups", group)) {
      const members: { externalId: string; isOwner: boolean }[] = [];
      for await (const row of pages(`groups/${id}/members/all`, member))
        members.push({ externalId: String(row.id), isOwner: row.access_level >= OWNER });
      yield { externalId: String(id), path, name, members };
    }
  }

  return { observe, apply, remove, describe, backstop: (_kind, end) => backstopDate(end), listAccounts, listGroups };
}

/** GitLab's words for "no such direct member". Its other 404s are about a group, a project or a user that it cannot show. */
function isNoMember(error: unknown): boolean {
  return error instanceof ProviderRefused && error.status === 404 && /^GitLab: 404 Not found$/.test(error.message);
}

function seenOf(body: unknown, account: Account): Seen {
  const found = understood(member, body);
  const level = LEVELS.get(found.access_level);
  if (level === undefined || String(found.id) !== account.externalId)
    throw new CouldNotTell(`GitLab answered with a membership that makes no sense (level ${found.access_level})`);
  return { state: "present", level, until: found.expires_at ?? null };
}

function numberOf(level: Level): number {
  for (const [number, name] of LEVELS) if (name === level) return number;
  throw new RangeError(`GitLab has no level ${level}`);
}

function understood<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new CouldNotTell("GitLab's answer makes no sense", { cause: parsed.error });
  return parsed.data;
}
