import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { at, openSandbox, type OpenSandbox } from "./testing/sandbox-client.ts";

let sandbox: OpenSandbox;
beforeAll(async () => void (sandbox = await openSandbox()));
afterAll(() => sandbox.close());
beforeEach(() => sandbox.send("POST", "/_reset"));

const ROLE = `/groups/${at("acme/roles/payments-maintainer")}/members`;
const arm = (...rules: object[]) => sandbox.send("POST", "/_faults", rules);
const addMaya = () => sandbox.gitlab("POST", ROLE, { username: "maya", access_level: 40 });
const read = async (): Promise<string[]> =>
  (await sandbox.gitlab("GET", ROLE)).body.map((row: { username: string }) => row.username);
const held = async () => (await sandbox.state()).gitlab.groups["acme/roles/payments-maintainer"].members.length;

test("a status strikes as often as asked, then the call goes through", async () => {
  await arm({ provider: "gitlab", kind: "status", status: 503, times: 2 });
  expect((await addMaya()).status).toBe(503);
  expect((await addMaya()).status).toBe(503);
  expect(await held()).toBe(0);
  expect((await addMaya()).status).toBe(201);
});

test("throttling at the door says when to come back; an application limit does not", async () => {
  await arm({ provider: "gitlab", kind: "status", status: 429, retryAfter: 7, times: 1 });
  const door = await addMaya();
  expect([door.status, door.body, door.headers.get("retry-after")]).toEqual([429, "Retry later\n", "7"]);
  await arm({ provider: "gitlab", kind: "status", status: 429, times: 1 });
  const inner = await addMaya();
  expect(inner.body.message.error).toContain("too many times");
  expect(inner.headers.get("retry-after")).toBeNull();
});

test.each([
  ["lost-before", 0],
  ["down", 0],
  ["lost-after", 1],
])("%s gives no reply and leaves %i members", async (kind, members) => {
  await arm({ provider: "gitlab", kind, times: 1 });
  await expect(addMaya()).rejects.toThrow();
  expect(await held()).toBe(members);
});

test("a rule strikes only the method and path it names", async () => {
  await arm({ provider: "gitlab", match: { method: "post", path: "/members$" }, kind: "status", status: 500 });
  expect((await sandbox.gitlab("GET", ROLE)).status).toBe(200);
  expect((await addMaya()).status).toBe(500);
});

test("a page of HTML may come with 200", async () => {
  await arm({ provider: "gitlab", kind: "html", times: 1 });
  const answer = await sandbox.gitlab("GET", ROLE);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
});

test("AWS is struck by action, in its own words", async () => {
  await arm({ provider: "aws", match: { action: "AddUserToGroup" }, kind: "status", status: 400 });
  const body = "Action=AddUserToGroup&Version=2010-05-08";
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const response = await fetch(`${sandbox.url}/aws/`, { method: "POST", headers, body });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain("<Code>Throttling</Code>");
  const [last] = (await sandbox.send("GET", "/_log")).body.slice(-1);
  expect(last).toMatchObject({ provider: "aws", action: "AddUserToGroup", status: 400 });
});

test("chance is drawn from the seed, so the same calls fail again", async () => {
  const play = async () => {
    await sandbox.send("DELETE", "/_faults");
    await arm({ provider: "gitlab", kind: "status", status: 500, probability: 0.5, seed: 42 });
    const answers = [];
    for (let n = 0; n < 20; n += 1) answers.push((await sandbox.gitlab("GET", "/version")).status);
    return answers;
  };
  const first = await play();
  expect(new Set(first)).toEqual(new Set([200, 500]));
  expect(await play()).toEqual(first);
});

describe("stale reads", () => {
  test("so many reads after a write answer from before it", async () => {
    await arm({ provider: "gitlab", kind: "stale", reads: 2 });
    await addMaya();
    expect([await read(), await read(), await read()]).toEqual([[], [], ["maya"]]);
  });

  test("reads answer from before the write until the time is over", async () => {
    await arm({ provider: "gitlab", kind: "stale", ms: 5000 });
    await addMaya();
    expect(await read()).toEqual([]);
    await sandbox.send("POST", "/_clock", { advanceMs: 5000 });
    expect(await read()).toEqual(["maya"]);
  });

  test("writes and the state itself are never stale", async () => {
    await arm({ provider: "gitlab", kind: "stale", reads: 100 });
    await addMaya();
    expect((await addMaya()).status).toBe(409);
    expect(await held()).toBe(1);
  });
});

test("rules are listed with what is left of them, and cleared", async () => {
  await arm({ provider: "gitlab", kind: "status", status: 500, times: 3 });
  await sandbox.gitlab("GET", "/version");
  expect((await sandbox.send("GET", "/_faults")).body).toEqual([
    { provider: "gitlab", kind: "status", status: 500, times: 2 },
  ]);
  await sandbox.send("DELETE", "/_faults");
  expect((await sandbox.gitlab("GET", "/version")).status).toBe(200);
});

test.each([
  ["an unknown kind", [{ provider: "gitlab", kind: "explode" }]],
  ["a misspelt field", [{ provider: "gitlab", kind: "status", status: 500, tmies: 1 }]],
  ["a broken pattern", [{ provider: "gitlab", kind: "down", match: { path: "(" } }]],
  ["no list", { provider: "gitlab", kind: "down" }],
])("%s is refused", async (_what, rules) => {
  expect((await sandbox.send("POST", "/_faults", rules)).status).toBe(400);
  expect((await sandbox.send("GET", "/_faults")).body).toEqual([]);
});

test("a log holds no token and no query", async () => {
  await sandbox.gitlab("GET", "/version?private_token=glpat-secret");
  expect(JSON.stringify((await sandbox.send("GET", "/_log")).body)).not.toContain("glpat");
});
