import { GroupMembers, ProjectMembers } from "@gitbeaker/rest";
import { ABSENT, sameSeen } from "../../domain/binding.ts";
import { backstopDate } from "../../domain/duration.ts";
import type { Place } from "../../domain/entitlement.ts";
import {
  CouldNotTell,
  ProviderRefused,
  type AccessProvider,
  type Account,
  type Answer,
  type Located,
  type Seen,
  type Standing,
  type TargetFacts,
} from "../provider.ts";
import { numberOf, seenOf, shapes, understood, type Member } from "./answers.ts";
import { listAccounts, listGroups, listMembers } from "./directory.ts";
import { rememberRateLimit } from "./rate-limit.ts";
import { GitlabRefused, requesterWithin } from "./requester.ts";

export type GitlabConfig = {
  readonly connection: string;
  /** Without /api/v4. */
  readonly url: string;
  readonly token: string;
  /** The name under which GitLab keeps identities of the company's identity provider. */
  readonly identityProvider?: string;
  /** How long one call may take, answer included. */
  readonly timeoutMs?: number;
};

// gitbeaker misspells the first one in its types, and GitLab ignores the misspelt name.
const HERE_ONLY = { skipSubresources: true, unassignIssuables: false };

/** GitLab takes 60 a minute for each place and caller, and says so in no header; less, because calls arrive unevenly. */
const REMOVALS_PER_MINUTE = 58;

/** GitLab as a provider: direct memberships of groups and projects. */
export function createGitlabProvider(config: GitlabConfig): AccessProvider {
  const { token, identityProvider = "openid_connect", timeoutMs = 10_000 } = config;
  const url = config.url.replace(/\/+$/, "");
  const rate = rememberRateLimit();
  const requesterFn = requesterWithin(timeoutMs, rate.hear);
  const settings = { host: url, token, requesterFn, rateLimits: {} };
  const groupMembers = new GroupMembers(settings);
  const projectMembers = new ProjectMembers(settings);
  const membersOf = (place: Place) => (isProject(place) ? projectMembers : groupMembers);
  const api = requesterFn({
    headers: {},
    url: `${url}/api/v4`,
    authHeaders: { "private-token": () => Promise.resolve(token) },
  });

  async function memberAt(account: Account, place: Located): Promise<Member | null> {
    try {
      return understood(shapes.member, await membersOf(place).show(idOf(place), userIdOf(account)));
    } catch (error) {
      if (isNoMember(error)) return null;
      throw error;
    }
  }

  async function observe(account: Account, place: Located): Promise<Seen> {
    const row = await memberAt(account, place);
    return row ? seenOf(row, account.externalId) : ABSENT;
  }

  async function apply(account: Account, place: Located, standing: Standing): Promise<Answer> {
    const userId = userIdOf(account);
    const expiresAt = standing.until === null ? {} : { expiresAt: standing.until };
    try {
      const options = { userId, ...expiresAt };
      return answerOf(201, await membersOf(place).add(idOf(place), numberOf(standing.level), options));
    } catch (error) {
      if (error instanceof GitlabRefused && error.status === 409) return change(account, place, standing);
      throw error;
    }
  }

  async function change(account: Account, place: Located, standing: Standing): Promise<Answer> {
    const row = await memberAt(account, place);
    if (!row) throw new CouldNotTell("GitLab's membership changes while we look");
    if (sameSeen(seenOf(row, account.externalId), { state: "present", ...standing })) return answerOf(200, row);
    // Writing without it would take the custom role away, and putting the level back would not bring it back.
    if (row.member_role)
      throw new ProviderRefused("The membership has a custom role, which could not be restored", 409);
    // An empty date clears the one that is there; leaving it out would keep it.
    const options = { expiresAt: standing.until ?? "" };
    return answerOf(200, await membersOf(place).edit(idOf(place), row.id, numberOf(standing.level), options));
  }

  async function remove(account: Account, place: Located): Promise<Answer> {
    try {
      await membersOf(place).remove(idOf(place), userIdOf(account), HERE_ONLY);
      return { status: 204, words: "GitLab: membership removed" };
    } catch (error) {
      if (isNoMember(error)) return { status: 404, words: "GitLab: there was no membership" };
      throw error;
    }
  }

  /** By its path, this once: from then on it is known by its number, and nobody can put another one in its way. */
  async function locate(place: Place): Promise<string> {
    return String((await show(place)).id);
  }

  async function show(place: Place) {
    const searchParams = isProject(place) ? {} : { with_projects: false };
    const { body } = await api.get(addressOf(place), { searchParams });
    return understood(shapes.place, body);
  }

  async function describe(place: Place): Promise<TargetFacts> {
    try {
      const { name, web_url: webUrl } = await show(place);
      return { exists: true, name, webUrl };
    } catch (error) {
      if (isNoPlace(error)) return { exists: false, name: place.target, webUrl: null };
      throw error;
    }
  }

  return {
    locate,
    observe,
    apply,
    remove,
    describe,
    members: (place) => listMembers(api, `${addressOf(place)}/members`),
    backstop: (_kind, end) => backstopDate(end),
    removalLimit: (place) => ({ key: pathOf(place), perMinute: REMOVALS_PER_MINUTE }),
    rateLimit: rate.now,
    listAccounts: () => listAccounts(api, identityProvider),
    listGroups: () => listGroups(api),
  };
}

/** GitLab's words for "no such direct member". Its other 404s are about a place or a user that it does not show to us. */
function isNoMember(error: unknown): boolean {
  return error instanceof GitlabRefused && error.status === 404 && error.said === "404 Not found";
}

function isNoPlace(error: unknown): boolean {
  return error instanceof GitlabRefused && error.status === 404 && /^404 (Group|Project) Not Found$/.test(error.said);
}

function isProject({ kind }: Place): boolean {
  return kind === "gitlab-project";
}

/** Of the place in the API. */
function addressOf(place: Place): string {
  return `${isProject(place) ? "projects" : "groups"}/${encodeURIComponent(pathOf(place))}`;
}

/** @throws ProviderRefused for a bare number: GitLab would take it for the id of any group or project. */
function pathOf({ target }: Place): string {
  if (/^\d+$/.test(target)) throw new ProviderRefused(`GitLab would take ${target} for an id, not for a path`, 400);
  return target;
}

/** The number of the group or project where it is known, else its path: the API takes both. */
function idOf({ targetId, ...place }: Located): number | string {
  return targetId ? Number(targetId) : pathOf(place);
}

function userIdOf({ externalId }: Account): number {
  if (!/^[1-9]\d{0,15}$/.test(externalId)) throw new RangeError(`GitLab has no user number ${externalId}`);
  return Number(externalId);
}

/** A write is answered with the membership. Where promotions need an administrator it is queued, with a message. */
function answerOf(status: number, body: Record<string, unknown>): Answer {
  const { message } = body;
  if (message !== undefined) throw new ProviderRefused(`GitLab: ${JSON.stringify(message).slice(0, 1_900)}`, status);
  const { access_level: level, expires_at: until } = understood(shapes.member, body);
  return { status, words: `GitLab: access level ${level}, ${until ? `expires ${until}` : "no expiry"}` };
}
