import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { at, openSandbox, type OpenSandbox } from "../testing/sandbox-client.ts";

let sandbox: OpenSandbox;
beforeAll(async () => void (sandbox = await openSandbox()));
afterAll(() => sandbox.close());
beforeEach(() => sandbox.send("POST", "/_reset"));

const names = (rows: { username: string }[]) => rows.map(({ username }) => username);

test.each([
  ["username=MAYA", ["maya"]],
  ["search=haddad", ["omar"]],
  ["search=lena@acme.test", ["lena"]],
  ["search=@acme.test", []],
  ["extern_uid=idp-51ac-ines&provider=openid_connect", ["ines"]],
  ["extern_uid=idp-51ac-ines&provider=saml", []],
])("users are found by %s", async (query, found) => {
  expect(names((await sandbox.gitlab("GET", `/users?${query}`)).body)).toEqual(found);
});

test("an identity is searched by administrators only, and with its provider", async () => {
  const { token } = await sandbox.newUser("stranger");
  const query = "/users?extern_uid=idp-51ac-ines&provider=openid_connect";
  expect((await sandbox.gitlab("GET", query, undefined, token)).status).toBe(403);
  expect((await sandbox.gitlab("GET", "/users?extern_uid=x")).status).toBe(400);
});

test("others see neither the e-mail address nor the identities of a user", async () => {
  const { token } = await sandbox.newUser("stranger");
  const seen = (await sandbox.gitlab("GET", `/users/${await sandbox.userId("maya")}`, undefined, token)).body;
  expect(seen).not.toHaveProperty("email");
  expect(seen).not.toHaveProperty("identities");
});

test("a blocked user keeps every membership and can do nothing", async () => {
  const { id, token } = await sandbox.newUser("leaver");
  await sandbox.gitlab("POST", "/groups/acme/members", { user_id: id, access_level: 30 });
  expect((await sandbox.gitlab("POST", `/users/${id}/block`)).status).toBe(201);
  expect((await sandbox.gitlab("GET", "/user", undefined, token)).status).toBe(403);
  expect((await sandbox.gitlab("GET", `/groups/acme/members/${id}`)).body.state).toBe("blocked");
  expect(names((await sandbox.gitlab("GET", "/users?active=true")).body)).not.toContain("leaver");
  await sandbox.gitlab("POST", `/users/${id}/unblock`);
  expect((await sandbox.gitlab("GET", "/user", undefined, token)).status).toBe(200);
  expect((await sandbox.gitlab("POST", "/users/999999/block")).body).toEqual({ message: "404 User Not Found" });
});

test("an administrator reads all direct memberships of a user", async () => {
  const { body } = await sandbox.gitlab("GET", `/users/${await sandbox.userId("noor")}/memberships`);
  expect(body.map((row: { source_name: string }) => row.source_name)).toEqual(["Platform", "Data"]);
  expect(body[0]).toMatchObject({ source_type: "Namespace", access_level: 50 });
});

test("pages follow one another without a gap or a double", async () => {
  await sandbox.send("POST", "/_seed", { people: 243, groups: 3 });
  const seen: number[] = [];
  let page: string | null = "1";
  while (page) {
    const answer: Awaited<ReturnType<typeof sandbox.gitlab>> = await sandbox.gitlab(
      "GET",
      `/users?per_page=100&page=${page}`,
    );
    seen.push(...answer.body.map((row: { id: number }) => row.id));
    expect([answer.headers.get("x-total"), answer.headers.get("x-total-pages")]).toEqual(["250", "3"]);
    page = answer.headers.get("x-next-page");
  }
  expect(new Set(seen).size).toBe(250);
});

test("the link header leads on, and more than a hundred rows are never given", async () => {
  await sandbox.send("POST", "/_seed", { people: 120, groups: 0 });
  const answer = await sandbox.gitlab("GET", "/users?per_page=500&active=true");
  expect(answer.body).toHaveLength(100);
  const next = /<([^>]+)>; rel="next"/.exec(answer.headers.get("link") ?? "")?.[1] ?? "";
  expect(next).toContain(`${sandbox.url}/gitlab/api/v4/users?`);
  expect(new URL(next).searchParams.get("active")).toBe("true");
  const path = new URL(next).pathname + new URL(next).search;
  const second = await sandbox.send("GET", path, undefined, { "private-token": "glpat-sandbox-daypass" });
  expect(second.body).toHaveLength(27);
});

test("groups are found by number, by path, by owner and by search", async () => {
  const byPath = await sandbox.gitlab("GET", `/groups/${at("acme/payments")}`);
  expect((await sandbox.gitlab("GET", `/groups/${byPath.body.id}`)).body).toEqual(byPath.body);
  expect(byPath.body.shared_with_groups.map((each: { group_access_level: number }) => each.group_access_level)).toEqual(
    [40, 50],
  );
  const owned = await sandbox.gitlab("GET", "/groups?owned=true");
  expect(owned.body.map((group: { full_path: string }) => group.full_path)).toContain("acme/roles");
  const found = await sandbox.gitlab("GET", "/groups?search=platform");
  expect(found.body.map((group: { full_path: string }) => group.full_path)).toEqual([
    "acme/platform",
    "acme/roles/platform-maintainer",
  ]);
});

test("a deleted group takes what is below it and its shares along", async () => {
  expect((await sandbox.gitlab("DELETE", `/groups/${at("acme/roles")}`)).status).toBe(202);
  const { groups } = (await sandbox.state()).gitlab;
  expect(Object.keys(groups)).toEqual(["acme", "acme/payments", "acme/platform", "acme/data"]);
  expect(groups["acme/payments"].shared_with).toEqual([]);
});

test("a token rotates once: the old one is dead, the new one works for a week", async () => {
  const rotated = await sandbox.gitlab("POST", "/personal_access_tokens/self/rotate", {});
  expect([rotated.status, rotated.body.expires_at]).toEqual([200, "2026-03-17"]);
  expect((await sandbox.gitlab("GET", "/personal_access_tokens/self")).status).toBe(401);
  expect((await sandbox.gitlab("GET", "/user", undefined, rotated.body.token)).body.username).toBe("daypass-bot");
  await sandbox.send("POST", "/_clock", { at: "2026-03-17T00:00:00Z" });
  expect((await sandbox.gitlab("GET", "/user", undefined, rotated.body.token)).status).toBe(401);
});

test("a token for reading does not write", async () => {
  const path = `/users/${await sandbox.userId("omar")}/personal_access_tokens`;
  const { body } = await sandbox.gitlab("POST", path, { name: "reader", scopes: ["read_api"] });
  expect((await sandbox.gitlab("GET", "/user", undefined, body.token)).status).toBe(200);
  const refused = await sandbox.gitlab("POST", "/groups", { name: "x", path: "x" }, body.token);
  expect([refused.status, refused.body.error]).toEqual([403, "insufficient_scope"]);
});

test("rate limit headers appear only when the limit is on, and 429 says when to come back", async () => {
  expect((await sandbox.gitlab("GET", "/version")).headers.get("ratelimit-limit")).toBeNull();
  await sandbox.send("POST", "/_limits", { gitlabRequestsPerHour: 1 });
  expect((await sandbox.gitlab("GET", "/version")).headers.get("ratelimit-remaining")).toBe("0");
  const limited = await sandbox.gitlab("GET", "/version");
  expect([limited.status, limited.body]).toEqual([429, "Retry later\n"]);
  expect(limited.headers.get("retry-after")).toBe("3600");
  expect(limited.headers.get("ratelimit-name")).toBe("throttle_authenticated_api");
});
