import { randomBytes } from "node:crypto";
import { v7 as newId } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStage, type Stage } from "./daypass.ts";
import { mintTokenFor } from "./mint.ts";

let stage: Stage;
let maya: string;
let omar: string;
let lena: string;
let ines: string;
const ids = new Map<string, string>();

beforeAll(async () => {
  stage = await openStage();
  await stage.db.person.updateMany({ where: { username: "ines" }, data: { isAdmin: true } });
  for (const { id, username } of await stage.db.person.findMany()) ids.set(username, id);
  const tokenOf = (username: string) => mintTokenFor(stage.db, ids.get(username)!);
  [maya, omar, lena, ines] = [
    await tokenOf("maya"),
    await tokenOf("omar"),
    await tokenOf("lena"),
    await tokenOf("ines"),
  ];
});
afterAll(async () => {
  await stage.close();
});

type Answer = { status: number; type: string; body: { code?: string; errors?: { field: string }[]; id?: string } };

async function call(token: string | null, method: string, path: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(`${stage.url}/api/v1${path}`, {
    method,
    ...init,
    headers: {
      "content-type": "application/json",
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(init.headers as Record<string, string> | undefined),
    },
  });
  const text = await answer.text();
  const body = text === "" ? {} : (JSON.parse(text) as Answer["body"]);
  return { status: answer.status, type: answer.headers.get("content-type") ?? "", body };
}

function post(
  token: string | null,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return call(token, "POST", path, { body: JSON.stringify(body), headers });
}

/** Everything that a refusal must leave alone. The worker's own entries do not count: it works meanwhile. */
async function world(): Promise<unknown> {
  const [told] = await stage.db.$queryRaw<[{ count: number }]>`
    SELECT count(*)::int AS count FROM change WHERE actor_kind = 'person'`;
  const counts = await Promise.all([
    stage.db.accessRequest.count(),
    stage.db.decision.count(),
    stage.db.grant.count(),
    stage.db.roleVersion.count(),
  ]);
  return { told: told.count, counts };
}

async function refuses(answer: Promise<Answer>, status: number, code: string, field?: string): Promise<void> {
  const { type, ...rest } = await answer;
  expect(rest).toMatchObject({ status, body: { code, status } });
  expect(type).toBe("application/problem+json");
  if (field) expect(rest.body.errors?.map((error) => error.field)).toContain(field);
}

const asked = { role: "payments-maintainer", minutes: 30, justification: "Fix the queue" };

async function pending(): Promise<string> {
  await stage.db.accessRequest.updateMany({ where: { state: "PENDING" }, data: { state: "WITHDRAWN" } });
  const { status, body } = await post(maya, "/requests", asked);
  expect(status).toBe(201);
  return body.id!;
}

test.each<[string, object, number, string, string?]>([
  ["zero minutes", { ...asked, minutes: 0 }, 422, "minutes-invalid", "minutes"],
  ["negative minutes", { ...asked, minutes: -1 }, 422, "minutes-invalid", "minutes"],
  ["half a minute", { ...asked, minutes: 0.5 }, 422, "minutes-invalid", "minutes"],
  ["more than the role allows", { ...asked, minutes: 481 }, 422, "minutes-too-long", "minutes"],
  ["minutes as words", { ...asked, minutes: "thirty" }, 422, "invalid-input", "minutes"],
  ["no minutes", { role: asked.role, justification: "x" }, 422, "invalid-input", "minutes"],
  ["an empty justification", { ...asked, justification: " " }, 422, "justification-missing", "justification"],
  [
    "a long justification",
    { ...asked, justification: "x".repeat(2_001) },
    422,
    "justification-too-long",
    "justification",
  ],
  ["100 kB of justification", { ...asked, justification: "x".repeat(100_000) }, 413, "body-too-large"],
  ["an unknown role", { ...asked, role: "nothing" }, 404, "role-unknown"],
  ["somebody else's role", { ...asked, role: "platform-maintainer" }, 404, "role-unknown"],
  ["a start long past", { ...asked, startsAt: "2020-01-01T00:00:00Z" }, 422, "start-invalid", "startsAt"],
  ["a start that is no time", { ...asked, startsAt: "tomorrow" }, 422, "invalid-input", "startsAt"],
  ["a field that nobody knows", { ...asked, approver: "maya" }, 422, "invalid-input"],
])("%s is refused and changes nothing", async (_what, body, status, code, field) => {
  const before = await world();
  await refuses(post(maya, "/requests", body), status, code, field);
  expect(await world()).toEqual(before);
});

test.each<[string, RequestInit, number, string]>([
  ["malformed JSON", { body: '{"role": ' }, 400, "bad-json"],
  [
    "a wrong content type",
    { body: "role=x", headers: { "content-type": "text/plain" } },
    415,
    "unsupported-content-type",
  ],
  ["a 10 MB body", { body: "x".repeat(10_000_000) }, 413, "body-too-large"],
])("%s is refused and changes nothing", async (_what, init, status, code) => {
  const before = await world();
  await refuses(call(maya, "POST", "/requests", init), status, code);
  expect(await world()).toEqual(before);
});

test("a forged, expired, revoked or missing token is refused", async () => {
  const personId = ids.get("maya")!;
  const expired = await mintTokenFor(stage.db, personId, { expiresAt: new Date(Date.now() - 1_000) });
  const revoked = await mintTokenFor(stage.db, personId, { revokedAt: new Date() });
  const before = await world();
  for (const token of [`dp_${randomBytes(32).toString("base64url")}`, expired, revoked])
    await refuses(post(token, "/requests", asked), 401, "token-invalid");
  for (const token of [null, "glpat-something", "dp_short"])
    await refuses(post(token, "/requests", asked), 401, "token-missing");
  expect(await world()).toEqual(before);
});

test("a token without the scope is refused", async () => {
  const reader = await mintTokenFor(stage.db, ids.get("maya")!, { scopes: ["requests:read"] });
  await refuses(post(reader, "/requests", asked), 403, "scope-missing");
});

test("unknown ids and somebody else's are the same 404", async () => {
  const id = await pending();
  for (const path of [`/requests/${newId()}`, "/requests/1", `/grants/${newId()}`, "/grants/x", "/history/999999"])
    await refuses(call(maya, "GET", path), 404, "not-found");
  await refuses(call(lena, "GET", `/requests/${id}`), 404, "not-found");
  await refuses(post(lena, `/requests/${id}/approve`, {}), 404, "not-found");
  await refuses(post(omar, `/grants/${newId()}/revoke`, { reason: "x" }), 404, "not-found");
});

test("an approver cannot lengthen, and nobody decides their own", async () => {
  const id = await pending();
  const before = await world();
  await refuses(post(omar, `/requests/${id}/approve`, { minutes: 31 }), 422, "minutes-lengthened", "minutes");
  await refuses(post(omar, `/requests/${id}/approve`, { minutes: 0 }), 422, "minutes-invalid", "minutes");
  await refuses(post(maya, `/requests/${id}/approve`, {}), 403, "own-request");
  expect(await world()).toEqual(before);
});

test("a second request for the same role and a second decision are refused", async () => {
  const id = await pending();
  await refuses(post(maya, "/requests", asked), 409, "duplicate-request");
  expect((await post(omar, `/requests/${id}/deny`, { note: "Not today" })).status).toBe(204);
  const before = await world();
  await refuses(post(omar, `/requests/${id}/approve`, {}), 409, "already-decided");
  await refuses(post(omar, `/requests/${id}/deny`, {}), 409, "already-decided");
  expect(await world()).toEqual(before);
});

test("of two approvals at once one makes the grant", async () => {
  const id = await pending();
  const grants = await stage.db.grant.count();
  const answers = await Promise.all([1, 2, 3, 4].map(() => post(omar, `/requests/${id}/approve`, {})));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
  expect(await stage.db.grant.count()).toBe(grants + 1);
});

test("who lost ownership meanwhile cannot decide", async () => {
  const id = await pending();
  const where = { personId: ids.get("omar")!, isOwner: true };
  const owned = await stage.db.groupMember.findMany({ where });
  await stage.db.groupMember.updateMany({ where, data: { isOwner: false } });
  const before = await world();
  await refuses(post(omar, `/requests/${id}/approve`, {}), 404, "not-found");
  expect(await world()).toEqual(before);
  for (const { groupId, personId } of owned)
    await stage.db.groupMember.update({ where: { groupId_personId: { groupId, personId } }, data: { isOwner: true } });
});

test("a role without another owner is refused at submission", async () => {
  await refuses(post(omar, "/requests", asked), 409, "no-approver");
});

test("a role version that does not exist, and a stale one, are refused", async () => {
  const before = await stage.db.roleVersion.count();
  for (const version of [99, 0, -1, 1.5])
    await refuses(post(ines, "/roles/payments-maintainer/rollback", { version }), 404, "role-version-unknown");
  await refuses(
    post(ines, "/roles/payments-maintainer/rollback", { version: 99, dryRun: true }),
    404,
    "role-version-unknown",
  );
  await refuses(post(ines, "/roles/payments-maintainer/rollback", { version: 1 }), 409, "role-unchanged");
  const spec = {
    name: "x",
    ownerGroup: "acme/payments",
    requesterGroup: "acme/payments",
    maxMinutes: 5,
    entitlements: [],
  };
  const put = (headers: Record<string, string>, changes: object = {}) =>
    call(ines, "PUT", "/roles/payments-maintainer", {
      headers,
      body: JSON.stringify({ reason: "x", spec: { ...spec, ...changes } }),
    });
  await refuses(put({ "if-match": '"7"' }), 412, "role-version-stale");
  await refuses(put({}), 428, "if-match-missing");
  await refuses(put({ "if-match": '"1"' }), 422, "entitlements-missing");
  await refuses(put({ "if-match": '"1"' }, { ownerGroup: "acme/nowhere" }), 422, "group-unknown", "ownerGroup");
  expect(await stage.db.roleVersion.count()).toBe(before);
});

test("an Idempotency-Key makes one request of two, and is not reused for another", async () => {
  await stage.db.accessRequest.updateMany({ where: { state: "PENDING" }, data: { state: "WITHDRAWN" } });
  const key = { "idempotency-key": newId() };
  const first = await post(maya, "/requests", asked, key);
  const again = await post(maya, "/requests", asked, key);
  expect([again.status, again.body.id]).toEqual([201, first.body.id]);
  await refuses(post(maya, "/requests", { ...asked, minutes: 5 }, key), 422, "idempotency-key-reused");
});

test("a cursor or filter that makes no sense is refused", async () => {
  for (const query of ["cursor=1", "limit=0", "limit=101", "state=MAYBE", "mine=perhaps"])
    await refuses(call(maya, "GET", `/requests?${query}`), 400, "invalid-input");
  await refuses(call(maya, "GET", "/history?cursor='%20OR%201=1--"), 400, "invalid-input");
});

test("lists are paged to the end, each item once", async () => {
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const path: string = `/requests?limit=2${cursor ? `&cursor=${cursor}` : ""}`;
    const page = (await call(maya, "GET", path)).body as unknown as {
      items: { id: string }[];
      nextCursor: string | null;
    };
    seen.push(...page.items.map((item) => item.id));
    cursor = page.nextCursor;
  }
  const all = await stage.db.accessRequest.findMany({
    where: { requesterId: ids.get("maya")! },
    orderBy: { id: "desc" },
  });
  expect(seen).toEqual(all.map((request) => request.id));
});

test("an address that the API does not have is a problem too", async () => {
  await refuses(call(maya, "GET", "/nothing/here"), 404, "not-found");
});
