import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { at, openSandbox, type OpenSandbox } from "../testing/sandbox-client.ts";

let sandbox: OpenSandbox;
beforeAll(async () => void (sandbox = await openSandbox()));
afterAll(() => sandbox.close());

type Who = "stranger" | "requester" | "developer" | "maintainer" | "owner" | "newcomer";
const PEOPLE: readonly Who[] = ["stranger", "requester", "developer", "maintainer", "owner", "newcomer"];

describe.each(["groups", "projects"] as const)("members of %s", (kind) => {
  const path = kind === "groups" ? "lab" : "lab/app";
  const members = `/${kind}/${at(path)}/members`;
  const ids = {} as Record<Who, number>;
  const tokens = {} as Record<Who, string>;
  const name = kind === "groups" ? "Group" : "Project";

  const call = (who: Who | "admin", method: string, below = "", body?: unknown, headers = {}) =>
    sandbox.gitlab(method, members + below, body, who === "admin" ? undefined : tokens[who], headers);
  const held = async () => (await sandbox.state()).gitlab[kind][path];
  const levelHeldBy = async (who: Who) =>
    (await held()).members.find((row: { username: string }) => row.username === who)?.access_level ?? null;

  beforeEach(async () => {
    await sandbox.send("POST", "/_reset");
    const lab = await sandbox.gitlab("POST", "/groups", { name: "lab", path: "lab", visibility: "public" });
    await sandbox.gitlab("POST", "/projects", { name: "app", namespace_id: lab.body.id, visibility: "public" });
    for (const who of PEOPLE) ({ id: ids[who], token: tokens[who] } = await sandbox.newUser(who));
    for (const [who, access_level] of [
      ["developer", 30],
      ["maintainer", 40],
      ["owner", 50],
    ] as const) {
      await call("admin", "POST", "", { user_id: ids[who], access_level });
    }
    await sandbox.gitlab("POST", `/${kind}/${at(path)}/access_requests`, {}, tokens.requester);
  });

  async function makePrivate(): Promise<string> {
    const group = await sandbox.gitlab("POST", "/groups", { name: "vault", path: "vault" });
    await sandbox.gitlab("POST", "/projects", { name: "app", namespace_id: group.body.id });
    return `/${kind}/${at(kind === "groups" ? "vault" : "vault/app")}/members`;
  }

  describe("reading", () => {
    test("nobody reads without a token", async () => {
      const answer = await sandbox.send("GET", `/gitlab/api/v4${members}`);
      expect([answer.status, answer.body]).toEqual([401, { message: "401 Unauthorized" }]);
    });

    test("a stranger cannot tell a private place from one that does not exist", async () => {
      const hidden = await sandbox.gitlab("GET", await makePrivate(), undefined, tokens.stranger);
      const absent = await sandbox.gitlab("GET", `/${kind}/nothing%2Fhere/members`, undefined, tokens.stranger);
      expect([hidden.status, hidden.body]).toEqual([404, { message: `404 ${name} Not Found` }]);
      expect([absent.status, absent.body]).toEqual([hidden.status, hidden.body]);
    });

    test.each(["maintainer", "developer", "requester", "stranger"] as const)(
      "%s sees the direct members of a public place, and no requester among them",
      async (who) => {
        const answer = await call(who, "GET");
        const names = answer.body.map((row: { username: string }) => row.username);
        expect(answer.status).toBe(200);
        expect(answer.headers.get("x-total")).toBe(String(names.length));
        expect(names).toEqual(expect.arrayContaining(["developer", "maintainer", "owner"]));
        expect(names).not.toContain("requester");
      },
    );

    test("query finds one row, an empty query all", async () => {
      expect((await call("owner", "GET", "?query=maintainer")).body).toHaveLength(1);
      const all = (await call("owner", "GET")).body;
      expect((await call("owner", "GET", "?query=")).body).toEqual(all);
    });

    test("user_ids gives those who are members", async () => {
      const answer = await call("owner", "GET", `?user_ids[]=${ids.developer}&user_ids[]=${ids.stranger}`);
      expect(answer.body.map((row: { id: number }) => row.id)).toEqual([ids.developer]);
    });

    test("one direct member is shown to a stranger, with who added them", async () => {
      const answer = await call("stranger", "GET", `/${ids.developer}`);
      expect(answer.body).toMatchObject({
        username: "developer",
        access_level: 30,
        expires_at: null,
        created_at: "2026-03-10T12:00:00.000Z",
        created_by: { username: "daypass-bot" },
      });
    });

    test("someone who is no direct member is not found", async () => {
      const answer = await call("owner", "GET", `/${ids.stranger}`);
      expect([answer.status, answer.body]).toEqual([404, { message: "404 Not found" }]);
    });
  });

  describe("adding", () => {
    test.each(["requester", "stranger", "developer"] as const)("%s adds nobody", async (who) => {
      const answer = await call(who, "POST", "", { user_id: ids.newcomer, access_level: 10 });
      expect([answer.status, answer.body]).toEqual([403, { message: "403 Forbidden" }]);
      expect(await levelHeldBy("newcomer")).toBeNull();
    });

    test("a maintainer makes nobody an owner", async () => {
      const answer = await call("maintainer", "POST", "", { user_id: ids.newcomer, access_level: 50 });
      expect(answer.status).toBe(403);
      expect(await levelHeldBy("newcomer")).toBeNull();
    });

    test("adding a requester turns the request into a membership", async () => {
      const answer = await call("owner", "POST", "", { user_id: ids.requester, access_level: 30 });
      expect(answer.status).toBe(201);
      expect((await held()).requesters).toEqual([]);
      expect(await levelHeldBy("requester")).toBe(30);
    });

    test("a member is added by id, by name, and until a date", async () => {
      const byId = await call("owner", "POST", "", {
        user_id: ids.newcomer,
        access_level: 30,
        expires_at: "2026-03-11",
      });
      expect([byId.status, byId.body.id, byId.body.expires_at]).toEqual([201, ids.newcomer, "2026-03-11"]);
      const byName = await call("owner", "POST", "", { username: "stranger", access_level: 20 });
      expect([byName.status, byName.body.access_level]).toEqual([201, 20]);
    });

    test("a timestamp is cut to its date, and today is accepted", async () => {
      const body = { user_id: ids.newcomer, access_level: 30, expires_at: "2026-03-10T23:59:00Z" };
      expect((await call("owner", "POST", "", body)).body.expires_at).toBe("2026-03-10");
    });

    test.each(["user_id", "username"] as const)("several are added at once by %s", async (key) => {
      const list = { user_id: `${ids.newcomer},${ids.stranger}`, username: "newcomer,stranger" }[key];
      const answer = await call("owner", "POST", "", { [key]: list, access_level: 30 });
      expect([answer.status, answer.body]).toEqual([201, { status: "success" }]);
      expect([await levelHeldBy("newcomer"), await levelHeldBy("stranger")]).toEqual([30, 30]);
    });

    test("one failure among several is told", async () => {
      const list = `${ids.newcomer},${ids.developer}`;
      const answer = await call("owner", "POST", "", { user_id: list, access_level: 30 });
      expect([answer.status, answer.body]).toEqual([
        400,
        { status: "error", message: { developer: "Member already exists" } },
      ]);
    });

    test.each([
      [
        "a date in the past",
        { expires_at: "2026-03-09" },
        400,
        { message: { expires_at: ["cannot be a date in the past"] } },
      ],
      ["a date that is none", { expires_at: "2026-02-31" }, 400, { error: "expires_at is invalid" }],
      ["no level", { access_level: undefined }, 400, { error: "access_level is missing" }],
      ["a level that is no number", { access_level: "high" }, 400, { error: "access_level is invalid" }],
      ["an unknown level", { access_level: 25 }, 400, { message: { access_level: ["is not included in the list"] } }],
      ["id and name", { username: "newcomer" }, 400, { error: "user_id, username are mutually exclusive" }],
      ["an unknown user", { user_id: 999_999 }, 404, { message: "404 User Not Found" }],
    ] as const)("%s is refused", async (_what, change, status, body) => {
      const answer = await call("owner", "POST", "", { user_id: ids.newcomer, access_level: 30, ...change });
      expect([answer.status, answer.body]).toEqual([status, body]);
      expect(await levelHeldBy("newcomer")).toBeNull();
    });

    test("neither id nor name is refused", async () => {
      const answer = await call("owner", "POST", "", { access_level: 30 });
      expect(answer.status).toBe(400);
      expect(answer.body.error).toContain("at least one parameter must be provided");
    });

    test("minimal access needs a licence", async () => {
      const answer = await call("owner", "POST", "", { user_id: ids.newcomer, access_level: 5 });
      expect([answer.status, answer.body.message.access_level[0]]).toEqual([400, "is not included in the list"]);
    });

    test("a direct member already there conflicts and keeps their level", async () => {
      const answer = await call("owner", "POST", "", { user_id: ids.developer, access_level: 40 });
      expect([answer.status, answer.body]).toEqual([409, { message: "Member already exists" }]);
      expect(await levelHeldBy("developer")).toBe(30);
    });

    test("a body that is no JSON is refused", async () => {
      const response = await fetch(`${sandbox.url}/gitlab/api/v4${members}`, {
        method: "POST",
        headers: { "private-token": tokens.owner, "content-type": "application/json" },
        body: "{not json",
      });
      expect(response.status).toBe(400);
    });

    test("a bot of another project is refused", async () => {
      const other = await sandbox.gitlab("POST", `/projects/${at("acme/payments/api")}/access_tokens`, {
        name: "ci",
        scopes: ["api"],
      });
      const answer = await call("owner", "POST", "", { user_id: other.body.user_id, access_level: 30 });
      const message = { user_id: ["project bots cannot be added to other groups / projects"] };
      expect([answer.status, answer.body]).toEqual([400, { message }]);
    });

    test("security manager exists from 19 on", async () => {
      await sandbox.send("POST", "/_limits", { gitlabVersion: "19" });
      expect((await call("owner", "POST", "", { user_id: ids.newcomer, access_level: 25 })).status).toBe(201);
    });
  });

  describe("changing", () => {
    test("the level changes and a date that was not sent stays", async () => {
      await call("owner", "PUT", `/${ids.developer}`, { access_level: 30, expires_at: "2026-04-01" });
      const answer = await call("owner", "PUT", `/${ids.developer}`, { access_level: 40 });
      expect([answer.status, answer.body.access_level, answer.body.expires_at]).toEqual([200, 40, "2026-04-01"]);
    });

    test.each([null, ""])("the date is cleared with %j", async (expires_at) => {
      await call("owner", "PUT", `/${ids.developer}`, { access_level: 30, expires_at: "2026-04-01" });
      const answer = await call("owner", "PUT", `/${ids.developer}`, { access_level: 30, expires_at });
      expect([answer.status, answer.body.expires_at]).toEqual([200, null]);
    });

    test("parameters may come in the query string", async () => {
      expect((await call("owner", "PUT", `/${ids.developer}?access_level=20`)).body.access_level).toBe(20);
    });

    test.each([
      ["nobody is found", "stranger", { access_level: 30 }, 404, { message: "404 Not found" }],
      ["no level", "developer", {}, 400, { error: "access_level is missing" }],
      [
        "an unknown level",
        "developer",
        { access_level: 35 },
        400,
        { message: { access_level: ["is not included in the list"] } },
      ],
      [
        "a past date",
        "developer",
        { access_level: 40, expires_at: "2020-01-01" },
        400,
        { message: { expires_at: ["cannot be a date in the past"] } },
      ],
    ] as const)("%s: refused", async (_what, who, body, status, answered) => {
      const answer = await call("owner", "PUT", `/${ids[who]}`, body);
      expect([answer.status, answer.body]).toEqual([status, answered]);
      expect(await levelHeldBy("developer")).toBe(30);
    });

    test.each([
      ["a developer changes nobody", "developer", "developer", 40],
      ["a maintainer raises nobody to owner", "maintainer", "developer", 50],
      ["a maintainer does not touch an owner", "maintainer", "owner", 30],
    ] as const)("%s", async (_what, caller, who, access_level) => {
      const before = await levelHeldBy(who);
      expect((await call(caller, "PUT", `/${ids[who]}`, { access_level })).status).toBe(403);
      expect(await levelHeldBy(who)).toBe(before);
    });
  });

  describe("removing", () => {
    test.each(["requester", "stranger", "developer"] as const)("%s removes nobody else", async (who) => {
      expect((await call(who, "DELETE", `/${ids.maintainer}`)).status).toBe(403);
      expect(await levelHeldBy("maintainer")).toBe(40);
    });

    test("a developer may leave", async () => {
      expect((await call("developer", "DELETE", `/${ids.developer}`)).status).toBe(204);
      expect(await levelHeldBy("developer")).toBeNull();
    });

    test("a maintainer does not remove an owner", async () => {
      expect((await call("maintainer", "DELETE", `/${ids.owner}`)).status).toBe(403);
    });

    test("a requester is not found and the request stays", async () => {
      expect((await call("owner", "DELETE", `/${ids.requester}`)).status).toBe(404);
      expect((await held()).requesters).toEqual(["requester"]);
    });

    test("a second removal finds nothing", async () => {
      expect((await call("owner", "DELETE", `/${ids.developer}`, {})).status).toBe(204);
      const again = await call("owner", "DELETE", `/${ids.developer}`, {});
      expect([again.status, again.body]).toEqual([404, { message: "404 Not found" }]);
    });

    test("a change since is a failed precondition", async () => {
      const stale = { "if-unmodified-since": "Tue, 10 Mar 2026 11:00:00 GMT" };
      const answer = await call("owner", "DELETE", `/${ids.developer}`, undefined, stale);
      expect([answer.status, answer.body]).toEqual([412, { message: "412 Precondition Failed" }]);
      const fresh = { "if-unmodified-since": "Tue, 10 Mar 2026 12:00:00 GMT" };
      expect((await call("owner", "DELETE", `/${ids.developer}`, undefined, fresh)).status).toBe(204);
    });

    test("the limit counts per place and caller, says so without a header, and ends with the minute", async () => {
      await sandbox.send("POST", "/_limits", { gitlabDeletesPerMinute: 1 });
      expect((await call("owner", "DELETE", `/${ids.developer}`)).status).toBe(204);
      const limited = await call("owner", "DELETE", `/${ids.maintainer}`);
      expect([limited.status, limited.body]).toEqual([
        429,
        { message: { error: "This endpoint has been requested too many times. Try again later." } },
      ]);
      expect(limited.headers.get("retry-after")).toBeNull();
      expect(await levelHeldBy("maintainer")).toBe(40);
      await sandbox.send("POST", "/_clock", { advanceMs: 60_000 });
      expect((await call("owner", "DELETE", `/${ids.maintainer}`)).status).toBe(204);
    });
  });
});

describe("inheritance", () => {
  const maya = () => sandbox.userId("maya");
  const ines = () => sandbox.userId("ines");
  beforeEach(() => sandbox.send("POST", "/_reset"));

  const all = (path: string) => sandbox.gitlab("GET", `/groups/${at(path)}/members/all?per_page=100`);

  test("a direct level may not be lower than the inherited one", async () => {
    const lower = await sandbox.gitlab("POST", `/groups/${at("acme/payments")}/members`, {
      user_id: await ines(),
      access_level: 20,
    });
    const words = "should be greater than or equal to Developer inherited membership from group Acme";
    expect([lower.status, lower.body]).toEqual([400, { message: { access_level: [words] } }]);
    const equal = { user_id: await ines(), access_level: 30 };
    expect((await sandbox.gitlab("POST", `/groups/${at("acme/payments")}/members`, equal)).status).toBe(201);
  });

  test("everybody appears once, at the highest level", async () => {
    await sandbox.gitlab("POST", `/groups/${at("acme/payments")}/members`, { user_id: await ines(), access_level: 40 });
    const rows = (await all("acme/payments")).body as { username: string; access_level: number }[];
    expect(rows.map(({ username, access_level }) => [username, access_level]).sort()).toEqual([
      ["ines", 40],
      ["maya", 30],
      ["omar", 50],
      ["theo", 20],
    ]);
    const one = await sandbox.gitlab("GET", `/groups/${at("acme/payments")}/members/all/${await ines()}`);
    expect(one.body.access_level).toBe(40);
  });

  test.each([
    ["by default goes all the way down", {}, null],
    ["with skip_subresources stays where it is", { skip_subresources: true }, 30],
    ["with a misspelt option goes all the way down", { skip_subresource_s: true }, null],
  ])("a removal %s", async (_what, options, left) => {
    const id = await maya();
    await sandbox.gitlab("POST", "/groups/acme/members", { user_id: id, access_level: 30 });
    const answer = await sandbox.gitlab("DELETE", `/groups/acme/members/${id}`, options);
    expect(answer.status).toBe(204);
    const below = (await sandbox.state()).gitlab.groups["acme/payments"].members;
    const mayas = below.find((row: { username: string }) => row.username === "maya");
    expect(mayas?.access_level ?? null).toBe(left);
  });

  test("the last owner of a group cannot be removed or lowered", async () => {
    const omar = `/groups/${at("acme/payments")}/members/${await sandbox.userId("omar")}`;
    expect((await sandbox.gitlab("DELETE", omar)).status).toBe(403);
    expect((await sandbox.gitlab("PUT", omar, { access_level: 30 })).status).toBe(403);
  });

  test("a member of something below a private group may not see who else is in the group", async () => {
    const { id, token } = await sandbox.newUser("guest");
    await sandbox.gitlab("POST", `/groups/${at("acme/payments")}/members`, { user_id: id, access_level: 10 });
    expect((await sandbox.gitlab("GET", "/groups/acme", undefined, token)).status).toBe(200);
    expect((await sandbox.gitlab("GET", "/groups/acme/members/all", undefined, token)).status).toBe(403);
  });

  test("a membership lock closes the projects of the group", async () => {
    const locked = await sandbox.gitlab("POST", "/groups", { name: "locked", path: "locked", membership_lock: true });
    const project = await sandbox.gitlab("POST", "/projects", { name: "app", namespace_id: locked.body.id });
    const body = { user_id: await maya(), access_level: 30 };
    const answer = await sandbox.gitlab("POST", `/projects/${project.body.id}/members`, body);
    expect([answer.status, answer.body]).toEqual([405, { message: "405 Method Not Allowed" }]);
  });

  test("a project keeps its own bot", async () => {
    const path = `/projects/${at("acme/payments/api")}`;
    const token = await sandbox.gitlab("POST", `${path}/access_tokens`, { name: "ci", scopes: ["api"] });
    expect((await sandbox.gitlab("DELETE", `${path}/members/${token.body.user_id}`)).status).toBe(403);
  });
});
