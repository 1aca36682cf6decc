import { afterAll, beforeAll, expect, test } from "vitest";
import { call, openWeb, type OpenWeb } from "../../../lib/web/testing/open-web.ts";
import * as historyEntry from "./history/[seq]/route.ts";
import * as me from "./me/route.ts";
import * as requests from "./requests/route.ts";
import * as approve from "./requests/[id]/approve/route.ts";
import * as role from "./roles/[slug]/route.ts";
import * as rollback from "./roles/[slug]/rollback/route.ts";

let web: OpenWeb;
let maya: string;
let omar: string;
let ines: string;
beforeAll(async () => {
  web = await openWeb();
  [maya, omar, ines] = [await web.tokenOf("maya"), await web.tokenOf("omar"), await web.tokenOf("ines")];
  await call(me.GET, { token: maya });
});
afterAll(() => web.close());

const asked = { role: "payments", minutes: 30, justification: "Fix the queue" };

async function refusesRequest(init: RequestInit, status: number, code: string): Promise<void> {
  const before = await web.world();
  const answer = await call(requests.POST, { token: maya, method: "POST", path: "/api/v1/requests", ...init });
  expect(answer).toMatchObject({ status, body: { code, status } });
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(await web.world()).toEqual(before);
}

test.each<[string, object]>([
  ["a NUL in the justification", { ...asked, justification: "a\0b" }],
  ["half of a surrogate pair", { ...asked, justification: "a\ud800b" }],
  ["a NUL in the ticket", { ...asked, ticket: "\0" }],
  ["a NUL in the role", { ...asked, role: "pay\0ments" }],
])("%s is refused and changes nothing", async (_what, body) => {
  await refusesRequest({ body: JSON.stringify(body) }, 422, "invalid-input");
});

test("words of any language are kept as they are", async () => {
  const justification = "Die Größe 🧭 ist \\u0000 falsch; 修理する";
  const body = JSON.stringify({ ...asked, justification });
  const answer = await call(requests.POST, { token: maya, method: "POST", body });
  expect(answer.status).toBe(201);
  const kept = await web.db.accessRequest.findUniqueOrThrow({ where: { id: String(answer.body.id) } });
  expect(kept.justification).toBe(justification);
  await web.db.accessRequest.update({ where: { id: kept.id }, data: { state: "WITHDRAWN" } });
});

test.each<[string, RequestInit, number, string]>([
  [
    "a body that is not UTF-8",
    { body: Buffer.from(JSON.stringify({ ...asked, justification: "ÿ" }), "latin1") },
    400,
    "bad-json",
  ],
  ["a list instead of an object", { body: "[]" }, 422, "invalid-input"],
  ["null", { body: "null" }, 422, "invalid-input"],
  [
    "minutes beyond every number",
    { body: `{"role":"payments","minutes":1e400,"justification":"x"}` },
    422,
    "invalid-input",
  ],
  ["a prototype", { body: `{"__proto__":{},"role":"payments","minutes":1,"justification":"x"}` }, 422, "invalid-input"],
  ["nesting without end", { body: "[".repeat(60_000) }, 400, "bad-json"],
  [
    "an empty Idempotency-Key",
    { body: JSON.stringify(asked), headers: { "idempotency-key": "" } },
    400,
    "invalid-input",
  ],
])("%s is refused and changes nothing", async (_what, init, status, code) => {
  await refusesRequest(init, status, code);
});

test("a body that says no length is read no further than the limit", async () => {
  let read = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      read += 16_384;
      controller.enqueue(new Uint8Array(16_384).fill(32));
      if (read >= 10_000_000) controller.close();
    },
  });
  await refusesRequest({ body, duplex: "half" } as RequestInit, 413, "body-too-large");
  expect(read).toBeLessThan(200_000);
});

test("a body that breaks off is no fault of ours", async () => {
  const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error("aborted")) });
  await refusesRequest({ body, duplex: "half" } as RequestInit, 400, "body-broken-off");
});

test("text that no row can hold finds nothing, wherever it stands", async () => {
  const list = await call(requests.GET, { token: maya, path: "/api/v1/requests?role=%00" });
  expect(list).toMatchObject({ status: 400, body: { code: "invalid-input" } });
  const one = await call(role.GET, { token: ines, params: { slug: "\0" } });
  expect(one).toMatchObject({ status: 404, body: { code: "not-found" } });
});

test("numbers that no row can hold name nothing", async () => {
  for (const seq of ["9007199254740991", "9007199254740993", "1e3000", "-1", "1.5", "0x10"])
    expect(await call(historyEntry.GET, { token: ines, params: { seq } })).toMatchObject({ status: 404 });
  const before = await web.world();
  for (const version of [2 ** 31, 2 ** 53, 1e300])
    for (const dryRun of [true, false])
      expect(
        await call(rollback.POST, {
          token: ines,
          method: "POST",
          params: { slug: "payments" },
          body: JSON.stringify({ version, dryRun }),
        }),
      ).toMatchObject({ status: 404, body: { code: "role-version-unknown" } });
  expect(await web.world()).toEqual(before);
});

test("an approval is not given by an answer that is half read", async () => {
  const { id } = await web.company.ask("maya", "payments");
  const before = await web.world();
  for (const body of [`{"minutes": null}`, `{"note": 7}`, `{"approve": true}`, `{"minutes": "30"}`])
    expect(await call(approve.POST, { token: omar, method: "POST", params: { id }, body })).toMatchObject({
      status: 422,
      body: { code: "invalid-input" },
    });
  expect(await web.world()).toEqual(before);
});

test("the scheme's case does not matter, the token's does", async () => {
  const ask = (authorization: string) => call(me.GET, { headers: { authorization } });
  expect(await ask(`bearer ${maya}`)).toMatchObject({ status: 200, body: { name: "Maya" } });
  expect(await ask(`Bearer ${maya.toUpperCase()}`)).toMatchObject({ status: 401 });
  expect(await ask(`Basic ${maya}`)).toMatchObject({ status: 401 });
  expect((await ask(`Bearer dp_${"x".repeat(43)}`)).headers.get("www-authenticate")).toBe(
    'Bearer error="invalid_token"',
  );
});

test("a token tells when it was last used, and gives no more than its person has", async () => {
  const reader = await web.tokenOf("maya", ["roles:read"]);
  expect((await call(me.GET, { token: reader })).status).toBe(200);
  expect(
    await web.db.apiToken.count({ where: { lastUsedAt: { not: null }, scopes: { equals: ["roles:read"] } } }),
  ).toBe(1);
  expect(await call(requests.GET, { token: reader })).toMatchObject({ status: 403, body: { code: "scope-missing" } });
});
