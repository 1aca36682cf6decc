import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openSandbox, type OpenSandbox } from "./testing/sandbox-client.ts";

let sandbox: OpenSandbox;
beforeAll(async () => void (sandbox = await openSandbox()));
afterAll(() => sandbox.close());
beforeEach(() => sandbox.send("POST", "/_reset"));

test.each([
  [{ advanceMs: 60_000 }, "2026-03-10T12:01:00.000Z"],
  [{ offsetMs: -3_600_000 }, "2026-03-10T11:00:00.000Z"],
  [{ at: "2026-12-24T18:00:00Z" }, "2026-12-24T18:00:00.000Z"],
])("the clock moves by %j", async (move, now) => {
  expect((await sandbox.send("POST", "/_clock", move)).body.now).toBe(now);
  expect((await sandbox.send("GET", "/_clock")).body.now).toBe(now);
});

test.each([{}, { at: "tomorrow" }, { advanceMs: "1" }, { advanceMs: 1, offsetMs: 2 }])(
  "the clock refuses %j",
  async (move) => expect((await sandbox.send("POST", "/_clock", move)).status).toBe(400),
);

test("a reset brings back the seed, the time and the peace", async () => {
  const before = await sandbox.state();
  await sandbox.gitlab("DELETE", "/groups/acme");
  await sandbox.send("POST", "/_clock", { advanceMs: 86_400_000 });
  await sandbox.send("POST", "/idp/_people/maya", { active: false });
  await sandbox.send("POST", "/_limits", { gitlabDeletesPerMinute: 60 });
  await sandbox.send("POST", "/_faults", [{ provider: "aws", kind: "down" }]);
  await sandbox.send("POST", "/_reset");
  expect(await sandbox.state()).toEqual(before);
  expect((await sandbox.send("GET", "/_faults")).body).toEqual([]);
  expect((await sandbox.send("GET", "/_limits")).body.gitlabDeletesPerMinute).toBeNull();
});

test("the seed holds the people, their groups and the role groups", async () => {
  const { gitlab, aws, mail } = await sandbox.state();
  expect(gitlab.groups["acme/payments"]).toMatchObject({
    members: [
      { username: "maya", access_level: 30, expires_at: null },
      { username: "omar", access_level: 50, expires_at: null },
    ],
    shared_with: [
      { group: "acme/roles/payments-maintainer", access_level: 40 },
      { group: "acme/roles/payments-owner", access_level: 50 },
    ],
  });
  expect(gitlab.groups["acme/roles/payments-maintainer"].members).toEqual([]);
  expect(Object.keys(gitlab.projects)).toEqual(["acme/payments/api", "acme/payments/web", "acme/platform/infra"]);
  expect(aws).toBeDefined();
  expect(mail).toEqual([]);
});

test("the benchmark's people and groups are added once", async () => {
  await sandbox.send("POST", "/_seed", { people: 3, groups: 2 });
  await sandbox.send("POST", "/_seed", { people: 3, groups: 2 });
  const { gitlab, idp, aws } = await sandbox.state();
  expect(Object.keys(idp)).toHaveLength(9);
  expect(gitlab.groups["acme/bench-0002"].members).toEqual([
    { username: "person0002", access_level: 50, expires_at: null },
    { username: "person0003", access_level: 30, expires_at: null },
  ]);
  expect(gitlab.groups["acme/bench-0002"].shared_with[0].group).toBe("acme/roles/bench-0002");
  expect(JSON.stringify(aws)).toContain("bench-0002");
});

test("the log goes on after the number last seen", async () => {
  await sandbox.gitlab("GET", "/version");
  const [last] = (await sandbox.send("GET", "/_log")).body.slice(-1);
  await sandbox.gitlab("GET", "/user");
  const since = (await sandbox.send("GET", `/_log?since=${last.n}`)).body;
  expect(since).toMatchObject([{ n: last.n + 1, method: "GET", path: "/gitlab/api/v4/user", status: 200 }]);
});

test("a page of another site cannot move the sandbox", async () => {
  const answer = await sandbox.send("POST", "/_reset", {}, { origin: "http://evil.test" });
  expect(answer.status).toBe(403);
});

test("the first page says what this is", async () => {
  const { body } = await sandbox.send("GET", "/");
  expect(body).toContain("Maya Chen");
  expect(body).toContain('href="/_state"');
});

function start(port: number) {
  const env = {
    ...process.env,
    SANDBOX_PORT: String(port),
    SANDBOX_MAIL_PORT: "0",
    PUBLIC_URL: "http://localhost:3000",
  };
  return spawn(process.execPath, ["sandbox/main.ts"], { env, stdio: ["ignore", "pipe", "pipe"] });
}

test("the process says that it is ready, and stops cleanly without a warning", async () => {
  const child = start(0);
  const errors = text(child.stderr);
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  expect(line.toString()).toMatch(/^sandbox ready on http:\/\/localhost:\d+\n$/);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(await errors).toBe("");
});

test("a port in use is one clear line and exit code 1", async () => {
  const child = start(sandbox.port);
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  expect(code).toBe(1);
  expect(errors).toBe(`Port ${sandbox.port} is in use. Set SANDBOX_PORT to a free one.\n`);
});
