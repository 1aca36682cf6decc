import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { v7 as newId } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { databaseNow } from "../db/now.ts";
import { record } from "../db/record.ts";
import { SYSTEM } from "../domain/actor.ts";
import { openSigningKey } from "../proof/checkpoint.ts";
import type { Username } from "../queries/testing/company.ts";
import { announceKey, signCheckpoints } from "../worker/sign-checkpoints.ts";
import { OPERATIONS, openapi } from "./openapi.ts";
import { judgeBy } from "./testing/described.ts";
import { openWeb, type OpenWeb } from "./testing/open-web.ts";

/** Every operation is called and its answer, with everything in it that there can be, held against the description. */

const ROUTES = join(import.meta.dirname, "../../app/api/v1");
const judge = judgeBy(openapi("http://localhost:3000"));
const answered = new Set<string>();

let web: OpenWeb;
const tokens = new Map<Username, string>();
beforeAll(async () => {
  web = await openWeb();
  for (const username of ["maya", "omar", "ines", "theo"] as const) tokens.set(username, await web.tokenOf(username));
});
afterAll(() => web.close());

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;
type Input = { params?: Record<string, string>; query?: string; body?: object; ifMatch?: number };

/** Calls a route as Next does, and gives what it says. */
async function ask(what: string, username: Username, { params = {}, query = "", body, ifMatch }: Input = {}) {
  const [method = "", path = ""] = what.split(" ");
  const file = join(ROUTES, path.slice(1).replaceAll(/\{(\w+)\}/g, "[$1]"), "route.ts");
  const handlers = (await import(file)) as Record<string, Handler>;
  const request = new Request(`http://localhost:3000/api/v1${path}${query}`, {
    method,
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${tokens.get(username)}`,
      ...(ifMatch === undefined ? {} : { "if-match": `"${ifMatch}"` }),
    },
    ...(method === "GET" ? {} : { body: JSON.stringify(body ?? {}) }),
  });
  const answer = await handlers[method]!(request, { params: Promise.resolve(params) });
  const { status, headers } = answer;
  const text = await answer.text();
  const wrong = judge(method, path, { status, type: headers.get("content-type"), text });
  expect(wrong, `${what} as ${username}: ${status} ${text.slice(0, 2_000)}`).toBeNull();
  if (status < 300) answered.add(what);
  return { status, body: headers.get("content-type") === "application/json" ? JSON.parse(text) : null };
}

async function done(what: string, username: Username, input: Input = {}): Promise<any> {
  const { status, body } = await ask(what, username, input);
  expect(status, `${what} as ${username}: ${JSON.stringify(body)}`).toBeLessThan(300);
  return body;
}

/** As a worker leaves it, in every column that an answer shows. */
async function livedThrough(grantId: string): Promise<void> {
  const { db } = web;
  const [present, absent] = [{ state: "present", level: "maintainer", until: "2026-11-25" }, { state: "absent" }];
  const bindings = await db.binding.findMany({ where: { grants: { some: { grantId } } } });
  for (const { id } of bindings) {
    const at = new Date();
    const trouble = { drift: "raised-by-hand", driftAt: at, tries: 2, lastError: "429", owedSince: at, dueAt: at };
    await db.binding.update({
      where: { id },
      data: { baseline: absent, confirmed: present, seen: present, seenAt: at, ...trouble },
    });
    const receipt = { action: "apply", asked: present, answer: { status: 201, words: "Created" }, readBack: present };
    await db.receipt.create({ data: { id: newId(), bindingId: id, ...receipt, at, worker: "w" } });
  }
  await db.grantBinding.updateMany({ where: { grantId }, data: { appliedAt: new Date() } });
  await db.connection
    .create({ data: { name: "gitlab", provider: "gitlab", downSince: new Date() } })
    .catch(() => undefined);
}

test("a request, from asking to the end", async () => {
  const asked = { role: "payments", minutes: 60, justification: "Fix it", ticket: "OPS-1" };
  const { id: first } = await done("POST /requests", "maya", { body: asked });
  await done("GET /requests/{id}", "maya", { params: { id: first } });
  await done("POST /requests/{id}/withdraw", "maya", { params: { id: first } });
  const { id: second } = await done("POST /requests", "maya", {
    body: { ...asked, startsAt: new Date(Date.now() + 60_000) },
  });
  await done("GET /requests", "omar", { query: "?awaiting=true" });
  await done("POST /requests/{id}/deny", "omar", { params: { id: second }, body: { note: "Not now" } });
  await done("GET /requests/{id}", "omar", { params: { id: second } });
  const { id } = await done("POST /requests", "maya", { body: asked });
  const { grantId } = await done("POST /requests/{id}/approve", "omar", { params: { id }, body: { minutes: 30 } });
  await web.db.grant.update({ where: { id: grantId }, data: { state: "ACTIVE", activeAt: new Date() } });
  await livedThrough(grantId);
  await done("GET /grants/{id}", "maya", { params: { id: grantId } });
  const { id: next } = await done("POST /grants/{id}/extend", "maya", {
    params: { id: grantId },
    body: { minutes: 30, justification: "More" },
  });
  await done("POST /requests/{id}/approve", "omar", { params: { id: next } });
  expect((await done("GET /grants", "maya", { query: "?limit=1" })).nextCursor).not.toBeNull();
  await done("GET /requests", "theo");
  await done("GET /requests/{id}", "theo", { params: { id } });
  await done("POST /grants/{id}/release", "maya", { params: { id: grantId } });
  const other = await web.company.grant("maya", "payments", "omar");
  await done("POST /grants/{id}/revoke", "omar", { params: { id: other.grantId }, body: { reason: "Over" } });
  await done("GET /grants/{id}", "omar", { params: { id: grantId } });
});

test("a role, its versions and the ways back", async () => {
  const { grantId } = await web.company.grant("maya", "payments", "omar");
  const spec = {
    ...{ name: "Payments", ownerGroup: "acme/payments", requesterGroup: "acme/payments", maxMinutes: 120 },
    entitlements: [
      { connection: "gitlab", kind: "gitlab-group", target: "acme/roles/payments-maintainer", level: "developer" },
    ],
  };
  await done("POST /roles", "ines", { body: { slug: "fresh", reason: "new", spec } });
  await done("GET /roles", "maya", { query: "?limit=1" });
  await done("GET /roles/{slug}", "omar", { params: { slug: "payments" } });
  await done("PUT /roles/{slug}", "omar", { params: { slug: "payments" }, ifMatch: 1, body: { reason: "less", spec } });
  await done("GET /roles/{slug}/versions", "omar", { params: { slug: "payments" } });
  const back = { params: { slug: "payments" } };
  await done("POST /roles/{slug}/rollback", "omar", { ...back, body: { version: 1, dryRun: true } });
  const change = await web.db.change.findFirstOrThrow({ where: { kind: "role.published" }, orderBy: { seq: "desc" } });
  const seq = String(change.seq);
  await done("POST /history/{seq}/rollback", "ines", { params: { seq }, body: { dryRun: true } });
  await done("POST /history/{seq}/rollback", "ines", { params: { seq } });
  await done("POST /roles/{slug}/rollback", "omar", { ...back, body: { version: 2 } });
  await done("POST /rollback", "ines", { body: { to: Number(seq), dryRun: true } });
  await done("POST /rollback", "ines", { body: { to: Number(seq) - 1 } });
  await done("GET /grants/{id}", "maya", { params: { id: grantId } });
});

test("what gives more, and the second person", async () => {
  await done("POST /four-eyes", "ines", { body: { needed: true, reason: "Safer" } });
  const wider = async () => {
    const { version, ownerGroup, requesterGroup } = await done("GET /roles/{slug}", "omar", {
      params: { slug: "payments" },
    });
    const spec = {
      name: "Payments",
      ownerGroup,
      requesterGroup,
      maxMinutes: 400 + version,
      entitlements: [
        { connection: "gitlab", kind: "gitlab-group", target: "acme/roles/payments-maintainer", level: "owner" },
      ],
    };
    const input = { params: { slug: "payments" }, ifMatch: version, body: { reason: "More", spec } };
    return (await done("PUT /roles/{slug}", "omar", input)).wideningId as string;
  };
  await done("GET /widenings/{id}", "ines", { params: { id: await wider() } });
  await done("GET /widenings", "ines", { query: "?awaiting=true" });
  const [waiting] = (await done("GET /widenings", "omar")).items;
  await done("POST /widenings/{id}/withdraw", "omar", { params: { id: waiting.id } });
  await done("POST /widenings/{id}/deny", "ines", { params: { id: await wider() }, body: { note: "No" } });
  await done("POST /widenings/{id}/approve", "ines", { params: { id: await wider() } });
  await done("GET /widenings", "theo");
  await web.db.person.update({ where: { id: web.company.idOf("noor") }, data: { isAdmin: true } });
  await done("POST /four-eyes", "ines", { body: { needed: false, reason: "Too slow" } });
  await done("GET /four-eyes", "theo");
  await done("GET /widenings", "theo");
});

test("for how long personal fields are kept", async () => {
  await web.db.fourEyes.updateMany({ data: { needed: false } });
  await done("GET /retention", "theo", { query: "?days=30" });
  await done("POST /retention", "ines", { body: { days: 365, reason: "The law" } });
  expect((await done("GET /retention", "ines")).days).toBe(365);
  await done("POST /retention", "ines", { body: { days: null, reason: "Another law" } });
});

test("access behind no grant, and places that are gone", async () => {
  const { db } = web;
  const place = { connection: "gitlab", kind: "gitlab-group", target: "acme/roles/payments-maintainer" };
  const { id: placeId } = await db.managedPlace.create({ data: { id: newId(), ...place, missingSince: new Date() } });
  const found = async (level: string | null) => {
    const account = { externalId: randomBytes(4).toString("hex"), username: "mallory", level, until: null };
    const data = { id: newId(), placeId, ...account, foundAt: new Date(), seenAt: new Date() };
    return (await db.unknownAccess.create({ data })).id;
  };
  const [kept, removed] = [await found("maintainer"), await found("maintainer")];
  await found(null);
  const until = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  await done("GET /drift", "omar");
  await done("GET /dashboard", "omar", { query: "?range=7d" });
  await done("POST /drift/{id}/keep", "omar", { params: { id: kept }, body: { until, reason: "Known" } });
  await done("POST /drift/{id}/remove", "omar", { params: { id: removed }, body: { reason: "Out" } });
  expect((await done("GET /drift", "theo", { query: "?kept=true" })).items).toHaveLength(1);
  const { items } = await done("GET /drift", "theo");
  expect(new Set(items.map(({ drift }: { drift: string }) => drift))).toContain("place-missing");
  await db.managedPlace.update({
    where: { id: placeId },
    data: { missingSince: null, unclearSince: new Date(), unclearFound: "a policy by hand" },
  });
  await done("GET /drift", "theo");
});

test("what an entry of the history proves", async () => {
  const { db } = web;
  const access = await db.unknownAccess.findFirstOrThrow();
  const [present, absent] = [{ state: "present", level: "maintainer", until: null }, { state: "absent" }];
  const answer = { status: 204, words: "No Content" };
  const receipt = { action: "remove", asked: absent, answer, readBack: absent, at: new Date(), worker: "w" };
  const { id } = await db.receipt.create({ data: { id: newId(), accessId: access.id, ...receipt } });
  const changeId = newId();
  await db.$transaction(async (tx) =>
    record(tx, SYSTEM, await databaseNow(tx), [
      {
        id: changeId,
        kind: "access.removed",
        about: { account: "mallory", receipt: id },
        before: present,
        after: absent,
      },
    ]),
  );
  const { seq } = await db.change.findUniqueOrThrow({ where: { id: changeId } });
  const { receipt: told } = await done("GET /history/{seq}", "theo", { params: { seq: String(seq) } });
  expect(told).toMatchObject({ id, action: "remove", readBack: absent });
});

test("the history, entry by entry, and what proves it", async () => {
  const { db } = web;
  const key = openSigningKey(Buffer.alloc(32, 7).toString("base64"));
  await announceKey(db, key);
  await signCheckpoints(db, key);
  await done("GET /history/checkpoints", "theo", { query: "?limit=1" });
  await done("GET /history", "maya");
  for (const { seq } of await db.change.findMany({ select: { seq: true } }))
    await done("GET /history/{seq}", "theo", { params: { seq: String(seq) } });
  await done("GET /history/access", "theo", { query: `?at=${new Date().toISOString()}` });
  await done("GET /history/export", "theo", { query: "?format=csv" });
  await done("GET /me", "maya");
  await done("GET /openapi.json", "maya");
});

test("a refusal is described too, whatever it refuses", async () => {
  const id = newId();
  expect((await ask("GET /grants/{id}", "maya", { params: { id } })).status).toBe(404);
  expect((await ask("POST /rollback", "maya", { body: { to: 1 } })).status).toBe(403);
  expect((await ask("POST /requests", "maya", { body: { role: 1 } })).status).toBe(422);
  expect((await ask("GET /grants", "maya", { query: "?limit=0" })).status).toBe(400);
  expect((await ask("PUT /roles/{slug}", "omar", { params: { slug: "payments" }, body: {} })).status).toBe(422);
});

test("nothing was left out", () => {
  const described = OPERATIONS.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  expect(described.filter((what) => !answered.has(what))).toEqual([]);
});

test("the description would notice what is not described", () => {
  const me = { id: newId(), name: "M", email: "m@acme.test", isAdmin: false, isAuditor: false };
  const judged = (body: object, status = 200, type = "application/json") =>
    judge("GET", "/me", { status, type, text: JSON.stringify(body) });
  expect(judged(me)).toBeNull();
  expect(judged({ ...me, secret: "x" })).toContain("secret");
  expect(judged({ ...me, isAdmin: "no" })).toContain("isAdmin");
  expect(judged(me, 201)).toBe("201 is not described");
  expect(judged(me, 200, "text/html")).toBe("text/html is not described");
  expect(judged({ code: "made-up" }, 403, "application/problem+json")).toContain("title");
});
