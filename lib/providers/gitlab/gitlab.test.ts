import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { at, openSandbox, type OpenSandbox } from "../../../sandbox/testing/sandbox-client.ts";
import { ABSENT } from "../../domain/binding.ts";
import type { Place, PlaceKind } from "../../domain/entitlement.ts";
import { CouldNotTell, ProviderBusy, ProviderRefused, type Account } from "../provider.ts";
import { allOf } from "../testing/all-of.ts";
import { describeProviderContract } from "../testing/contract.ts";
import { startScripted } from "../testing/scripted-server.ts";
import { createGitlabProvider } from "./gitlab.ts";

const TOKEN = "glpat-sandbox-daypass";

const place = (kind: PlaceKind, target: string): Place => ({ connection: "gitlab", kind, target });
const open = (url: string, options = {}) =>
  createGitlabProvider({ connection: "gitlab", url, token: TOKEN, ...options });

for (const [kind, here, other, missing] of [
  ["gitlab-group", "acme/roles/payments-maintainer", "acme/roles/payments-owner", "acme/roles/no-such"],
  ["gitlab-project", "acme/payments/api", "acme/payments/web", "acme/payments/no-such"],
] as const)
  describeProviderContract({
    name: "gitlab",
    kind,
    async open(sandbox, { url = `${sandbox.url}/gitlab`, ...options } = {}) {
      const account = async (username: string) => ({ externalId: String(await sandbox.userId(username)), username });
      return {
        provider: open(url, options),
        maya: await account("maya"),
        omar: await account("lena"),
        nobody: { externalId: "99999", username: "nobody" },
        place: place(kind, here),
        other: place(kind, other),
        missing: place(kind, missing),
        standings: [
          { level: "maintainer", until: "2026-03-11" },
          { level: "maintainer", until: "2026-03-15" },
          { level: "developer", until: null },
          { level: "owner", until: null },
        ],
        writes: { apply: { method: "POST" }, remove: { method: "DELETE" } },
      };
    },
  });

describe("GitLab in particular", () => {
  const ROLE = place("gitlab-group", "acme/roles/payments-maintainer");
  const PAYMENTS = place("gitlab-group", "acme/payments");
  const API = place("gitlab-project", "acme/payments/api");
  let sandbox: OpenSandbox;
  let maya: Account;
  const provider = () => open(`${sandbox.url}/gitlab`);
  const answering = (path: string, method: string, status: number, body: unknown) =>
    sandbox.send("POST", "/_faults", [
      { provider: "gitlab", kind: "status", status, body, match: { method, path }, times: 1 },
    ]);

  beforeAll(async () => {
    sandbox = await openSandbox();
  });
  beforeEach(async () => {
    await sandbox.send("POST", "/_reset");
    maya = { externalId: String(await sandbox.userId("maya")), username: "maya" };
  });
  afterAll(() => sandbox.close());

  test("removing someone from a group leaves their direct access below it alone", async () => {
    await sandbox.gitlab("POST", `/groups/${at("acme")}/members`, { user_id: maya.externalId, access_level: 30 });
    const acme = place("gitlab-group", "acme");
    await provider().remove(maya, acme);
    expect(await provider().observe(maya, acme)).toEqual(ABSENT);
    expect(await provider().observe(maya, PAYMENTS)).toEqual({ state: "present", level: "developer", until: null });
  });

  test("only direct membership is seen, not what comes from a group above", async () => {
    expect(await provider().observe(maya, API)).toEqual(ABSENT);
  });

  test("a level below an inherited one is refused in GitLab's words", async () => {
    const applied = provider().apply(maya, API, { level: "reporter", until: null });
    await expect(applied).rejects.toThrow(/should be greater than or equal to Developer inherited membership/);
    await expect(applied).rejects.toBeInstanceOf(ProviderRefused);
  });

  test("a membership that was there before is changed, not lost, and its date comes back", async () => {
    const theirs = { level: "developer", until: "2026-06-01" } as const;
    await provider().apply(maya, PAYMENTS, theirs);
    await provider().apply(maya, PAYMENTS, { level: "maintainer", until: "2026-06-01" });
    await provider().apply(maya, PAYMENTS, theirs);
    expect(await provider().observe(maya, PAYMENTS)).toEqual({ state: "present", ...theirs });
  });

  test("a membership with a custom role is not written over", async () => {
    const row = { id: Number(maya.externalId), state: "active", access_level: 30, member_role: { id: 7, name: "Ops" } };
    await answering(`/members/${maya.externalId}$`, "GET", 200, row);
    const applied = provider().apply(maya, PAYMENTS, { level: "maintainer", until: null });
    await expect(applied).rejects.toThrow(/custom role/);
    expect(await provider().observe(maya, PAYMENTS)).toMatchObject({ level: "developer" });
  });

  test("a promotion that waits for an administrator is refused, not taken for done", async () => {
    const queued = { message: { maya: "Request queued for administrator approval." } };
    await answering("/members$", "POST", 201, queued);
    const applied = provider().apply(maya, ROLE, { level: "maintainer", until: null });
    await expect(applied).rejects.toThrow(/queued for administrator approval/);
    await expect(applied).rejects.toBeInstanceOf(ProviderRefused);
  });

  test.each([25, 5, 0, 55])("access level %i is not understood", async (level) => {
    const row = { id: Number(maya.externalId), state: "active", access_level: level, expires_at: null };
    await answering("/members/", "GET", 200, row);
    await expect(provider().observe(maya, PAYMENTS)).rejects.toBeInstanceOf(CouldNotTell);
  });

  test("somebody else's row is not understood", async () => {
    await answering("/members/", "GET", 200, { id: 1, state: "active", access_level: 30, expires_at: null });
    await expect(provider().observe(maya, PAYMENTS)).rejects.toBeInstanceOf(CouldNotTell);
  });

  test("only GitLab's words for a missing member mean absent, not those for a missing group or user", async () => {
    for (const words of ["404 Group Not Found", "404 User Not Found", "404 Not Found"]) {
      await answering("/members/", "GET", 404, { message: words });
      await expect(provider().observe(maya, PAYMENTS)).rejects.toThrow(words);
    }
    const hidden = place("gitlab-group", "acme/no-such");
    await expect(provider().observe(maya, hidden)).rejects.toBeInstanceOf(ProviderRefused);
    await expect(provider().remove(maya, hidden)).rejects.toBeInstanceOf(ProviderRefused);
  });

  test("a rule of GitLab's is a refusal, trouble with our own token is not", async () => {
    await answering("/members", "POST", 403, { message: "403 Forbidden" });
    const forbidden = provider().apply(maya, ROLE, { level: "owner", until: null });
    await expect(forbidden).rejects.toMatchObject({ name: "GitlabRefused", status: 403 });
    await answering("/members", "POST", 403, { error: "insufficient_scope" });
    const unscoped = provider().apply(maya, ROLE, { level: "owner", until: null });
    await expect(unscoped).rejects.toBeInstanceOf(CouldNotTell);
    const revoked = open(`${sandbox.url}/gitlab`, { token: "glpat-revoked" });
    await expect(revoked.observe(maya, ROLE)).rejects.toBeInstanceOf(CouldNotTell);
  });

  test("the limit on removals says nothing of when, so a minute is waited; a front door's word is kept", async () => {
    await sandbox.send("POST", "/_limits", { gitlabDeletesPerMinute: 1 });
    await provider().remove(maya, ROLE);
    const limited = await provider()
      .remove(maya, ROLE)
      .catch((error: unknown) => error);
    expect(limited).toBeInstanceOf(ProviderBusy);
    expect((limited as ProviderBusy).onlyHere).toBe(true);
    expect(limited).toMatchObject({ afterMs: 60_000 });
    await sandbox.send("POST", "/_faults", [{ provider: "gitlab", kind: "status", status: 429, retryAfter: 17 }]);
    await expect(provider().observe(maya, ROLE)).rejects.toMatchObject({ afterMs: 17_000 });
    await sandbox.send("DELETE", "/_faults");
    await sandbox.send("POST", "/_faults", [{ provider: "gitlab", kind: "status", status: 429, retryAfter: 1e12 }]);
    await expect(provider().observe(maya, ROLE)).rejects.toMatchObject({ afterMs: 3_600_000 });
  });

  test("what is left of GitLab's own limit is known from any answer, and only where it has one", async () => {
    const gitlab = provider();
    await gitlab.observe(maya, ROLE);
    expect(gitlab.rateLimit()).toBeNull();

    await sandbox.send("POST", "/_limits", { gitlabRequestsPerHour: 100 });
    await gitlab.observe(maya, ROLE);
    const told = gitlab.rateLimit();
    expect(told).toMatchObject({ limit: 100, remaining: 99 });
    expect(told?.resetsAfterMs).toBeGreaterThan(0);
    await gitlab.observe(maya, ROLE);
    expect(gitlab.rateLimit()).toMatchObject({ remaining: 98 });
  });

  test("a bare number is not taken for a path", async () => {
    const numbered = place("gitlab-group", "1");
    await expect(provider().apply(maya, numbered, { level: "guest", until: null })).rejects.toThrow(/an id/);
    await expect(provider().describe(numbered)).rejects.toBeInstanceOf(ProviderRefused);
  });

  test("an account number that is none never reaches GitLab", async () => {
    for (const externalId of ["", "0", "1,2", "-1", "1/../2"])
      await expect(provider().observe({ externalId, username: "maya" }, ROLE)).rejects.toBeInstanceOf(RangeError);
  });

  test("the backstop is the first date that does not cut the grant short", () => {
    expect(provider().backstop("gitlab-group", new Date("2026-03-10T13:00:00Z"))).toBe("2026-03-11");
    expect(provider().backstop("gitlab-project", new Date("2026-03-11T00:00:00Z"))).toBe("2026-03-11");
  });

  test("accounts carry the subject of the configured identity provider, and whether they are active", async () => {
    await sandbox.gitlab("POST", `/users/${maya.externalId}/block`);
    const accounts = await allOf(provider().listAccounts());
    const known = new Map(accounts.map((account) => [account.username, account]));
    expect(known.get("maya")).toMatchObject({ subject: "idp-7f3a-maya", email: "maya@acme.test", active: false });
    expect(known.get("omar")).toMatchObject({ subject: "idp-2c91-omar", active: true });
    const elsewhere = open(`${sandbox.url}/gitlab`, { identityProvider: "saml" });
    for await (const account of elsewhere.listAccounts()) expect(account.subject).toBeNull();
  });

  test("groups are listed with everybody in them, and who owns them", async () => {
    const omar = String(await sandbox.userId("omar"));
    await provider().apply(maya, place("gitlab-group", "acme/roles/payments-owner"), { level: "owner", until: null });
    const groups = await allOf(provider().listGroups());
    const payments = groups.find(({ path }) => path === "acme/payments");
    expect(payments?.members).toContainEqual({ externalId: omar, isOwner: true });
    expect(payments?.members).toContainEqual({ externalId: maya.externalId, isOwner: true });
    expect(payments?.members.filter(({ externalId }) => externalId === maya.externalId)).toHaveLength(1);
    expect(groups.map(({ path }) => path)).toEqual(expect.arrayContaining(["acme", "acme/roles/data-developer"]));
  });

  test("a blocked owner is not listed as one: they can use nothing", async () => {
    const omar = await sandbox.userId("omar");
    await sandbox.gitlab("POST", `/users/${omar}/block`);
    const groups = await allOf(provider().listGroups());
    const payments = groups.find(({ path }) => path === "acme/payments");
    expect(payments?.members.map(({ externalId }) => externalId)).not.toContain(String(omar));
  });

  test("blocked people are listed as members, and whoever holds Daypass's token is not", async () => {
    const bot = await sandbox.userId("daypass-bot");
    await sandbox.gitlab("POST", `/groups/${at(ROLE.target)}/members`, { user_id: bot, access_level: 50 });
    await provider().apply(maya, ROLE, { level: "maintainer", until: null });
    await sandbox.gitlab("POST", `/users/${maya.externalId}/block`);
    expect((await allOf(provider().members(ROLE))).map(({ account }) => account)).toEqual([maya]);
  });

  test("groups and members of many pages are all listed", async () => {
    await sandbox.send("POST", "/_seed", { people: 130, groups: 130 });
    const people = await allOf(provider().listAccounts());
    const crowd = people.filter(({ username }) => username.startsWith("person"));
    for (const account of crowd) await provider().apply(account, ROLE, { level: "developer", until: null });
    const groups = await allOf(provider().listGroups());
    expect(groups.filter(({ path }) => path.startsWith("acme/bench-"))).toHaveLength(130);
    const role = groups.find(({ path }) => path === ROLE.target);
    expect(new Set(role?.members.map(({ externalId }) => externalId)).size).toBeGreaterThanOrEqual(130);
    expect(await allOf(provider().members(ROLE))).toHaveLength(130);
  });
});

describe("a GitLab that makes no sense", () => {
  const user = JSON.stringify([{ id: 1, username: "maya", name: "Maya", state: "active" }]);
  const row = { "content-type": "application/json" };

  test.each([
    ["a link to itself", () => ({ link: `<http://gitlab.test/api/v4/users?page=2>; rel="next"` })],
    ["the same next page for ever", () => ({ "x-next-page": "2" })],
  ])("a list with %s does not end", async (_what, headers) => {
    const server = await startScripted(() => ({ headers: { ...row, ...headers() }, body: user }));
    const listed = allOf(open(server.url).listAccounts());
    await expect(listed).rejects.toThrow(/does not come to an end/);
    server.close();
  });

  test("members whose pages lead in a circle, or that are no members, are no listing", async () => {
    const looping = JSON.stringify([{ id: 7, username: "maya", state: "active", access_level: 40, expires_at: null }]);
    for (const body of [looping, "[{}]", "{}", user.replace("active", "")]) {
      const server = await startScripted(({ url = "" }) =>
        url.endsWith("/user") ? { headers: row, body: '{"id":1}' } : { headers: { ...row, "x-next-page": "2" }, body },
      );
      const listed = allOf(open(server.url).members(place("gitlab-group", "acme/roles/owner")));
      await expect(listed).rejects.toBeInstanceOf(CouldNotTell);
      server.close();
    }
  });

  test("a member at a level that Daypass does not know is listed all the same", async () => {
    const body = JSON.stringify([
      { id: 7, username: "maya", state: "active", access_level: 25, expires_at: "2026-06-01" },
    ]);
    const server = await startScripted(({ url = "" }) => ({
      headers: row,
      body: url.endsWith("/user") ? '{"id":1}' : body,
    }));
    expect(await allOf(open(server.url).members(place("gitlab-group", "acme/roles/owner")))).toEqual([
      { account: { externalId: "7", username: "maya" }, level: null, until: "2026-06-01" },
    ]);
    server.close();
  });

  test("a next page on another host gets neither our token nor our call", async () => {
    const seen: string[] = [];
    const server = await startScripted(({ url = "" }) => {
      seen.push(url);
      const isFirst = !url.includes("id_after=1");
      const link = { link: `<https://elsewhere.test/api/v4/users?id_after=1&per_page=100>; rel="next"` };
      return { headers: { ...row, ...(isFirst ? link : {}) }, body: user };
    });
    expect(await allOf(open(server.url).listAccounts())).toHaveLength(2);
    expect(seen[1]).toContain("id_after=1");
    server.close();
  });

  test("a redirect is not followed", async () => {
    const elsewhere = await startScripted(() => ({ headers: row, body: "{}" }));
    const server = await startScripted(() => ({ status: 302, headers: { location: elsewhere.url }, body: "" }));
    const looked = open(server.url).observe({ externalId: "1", username: "maya" }, place("gitlab-group", "acme"));
    await expect(looked).rejects.toThrow(/elsewhere/);
    server.close();
    elsewhere.close();
  });

  test("skip_subresources goes into the address, where no proxy drops it", async () => {
    const seen: string[] = [];
    const server = await startScripted(({ method, url }) => {
      seen.push(`${method} ${url}`);
      return { status: 204, body: "" };
    });
    await open(server.url).remove({ externalId: "5", username: "maya" }, place("gitlab-group", "acme/payments"));
    expect(seen).toEqual([
      "DELETE /api/v4/groups/acme%2Fpayments/members/5?skip_subresources=true&unassign_issuables=false",
    ]);
    server.close();
  });
});
