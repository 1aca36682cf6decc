import { afterAll, beforeAll, expect, test } from "vitest";
import { call, openWeb, type OpenWeb } from "#lib/web/testing/open-web.ts";
import type { Username } from "#lib/queries/testing/company.ts";
import * as change from "../history/[seq]/rollback/route.ts";
import * as role from "../roles/[slug]/rollback/route.ts";
import * as widenings from "../widenings/route.ts";
import * as widening from "../widenings/[id]/route.ts";
import * as point from "./route.ts";

let web: OpenWeb;
const tokens = new Map<Username, string>();

beforeAll(async () => {
  web = await openWeb();
  for (const username of ["ines", "omar", "theo"] as const) tokens.set(username, await web.tokenOf(username));
  await web.company.publish({ maxMinutes: 60 });
});
afterAll(() => web.close());

const post = (handler: typeof point.POST, body: unknown, params = {}, username: Username = "ines") =>
  call(handler, { method: "POST", token: tokens.get(username) ?? "", params, body: JSON.stringify(body) });
const seqOf = async (kind: string) =>
  Number((await web.db.change.findFirstOrThrow({ where: { kind }, orderBy: { seq: "desc" } })).seq);

async function refuses(
  answer: Promise<{ status: number; body: Record<string, unknown> }>,
  status: number,
  code: string,
) {
  const before = await web.world();
  expect(await answer).toMatchObject({ status, body: { code } });
  expect(await web.world()).toEqual(before);
}

test("a change that does not exist, is none, or cannot be rolled back", async () => {
  for (const seq of ["0", "-1", "1.5", "999999", "9007199254740993", "x", "1;DROP TABLE change"])
    await refuses(post(change.POST, {}, { seq }), 404, "not-found");
  await web.company.ask("maya", "payments");
  await refuses(post(change.POST, {}, { seq: String(await seqOf("request.submitted")) }), 409, "change-not-undoable");
});

test("a point that the history does not have", async () => {
  for (const to of [0, -1, 1.5, 999_999, 1e300]) await refuses(post(point.POST, { to }), 404, "point-unknown");
  await refuses(post(point.POST, { at: "1999-01-01T00:00:00Z" }), 404, "point-unknown");
  await refuses(post(point.POST, {}), 404, "point-unknown");
  await refuses(post(point.POST, { at: "yesterday" }), 422, "invalid-input");
});

test("an auditor and an owner may not", async () => {
  const seq = String(await seqOf("role.published"));
  for (const username of ["theo", "omar"] as const) {
    await refuses(post(change.POST, {}, { seq }, username), 403, "not-allowed");
    await refuses(post(change.POST, { dryRun: true }, { seq }, username), 403, "not-allowed");
    await refuses(post(point.POST, { to: 1 }, {}, username), 403, "not-allowed");
  }
  await refuses(post(role.POST, { version: 1 }, { slug: "payments" }, "theo"), 403, "not-allowed");
});

test("a version of another role is none of this one", async () => {
  await web.company.publish({ maxMinutes: 30 });
  await refuses(post(role.POST, { version: 3 }, { slug: "platform" }), 404, "role-version-unknown");
});

test("a role that moved on since its preview", async () => {
  const stale = { version: 1, expectedVersion: 1 };
  await refuses(post(role.POST, stale, { slug: "payments" }), 412, "role-version-stale");
});

test("a preview changes nothing and says its basis; a stale basis is refused, the fresh one is taken", async () => {
  const seq = String(await seqOf("role.published"));
  const before = await web.world();
  const preview = await post(change.POST, { dryRun: true }, { seq });
  expect(preview).toMatchObject({
    status: 200,
    body: { roles: [{ slug: "payments", differences: [{ what: "Longest time", before: "30 min", after: "1 h" }] }] },
  });
  expect(await web.world()).toEqual(before);
  await web.company.publish({ maxMinutes: 30, summary: "Meanwhile" });
  await refuses(post(change.POST, { basis: preview.body.basis }, { seq }), 412, "preview-stale");
  const again = await post(change.POST, { dryRun: true }, { seq });
  const done = await post(change.POST, { basis: again.body.basis }, { seq });
  expect(done).toMatchObject({ status: 200, body: { roles: [{ slug: "payments", version: 5, wideningId: null }] } });
});

test("everything as it was at a moment", async () => {
  const { at } = await web.db.change.findFirstOrThrow({ where: { kind: "role.created" }, orderBy: { seq: "desc" } });
  const done = await post(point.POST, { at: at.toISOString() });
  expect(done).toMatchObject({ status: 200, body: { roles: [{ slug: "payments", version: 6 }] } });
});

test("choices that are none, and reasons that are missing", async () => {
  const seq = String(await seqOf("role.published"));
  await refuses(post(change.POST, { choices: { "payments maxMinutes": "destroy" } }, { seq }), 422, "invalid-input");
  await refuses(post(change.POST, { reason: "  " }, { seq }), 422, "reason-missing");
});

test("what waits is found by whom it concerns, page by page", async () => {
  await web.db.fourEyes.updateMany({ data: { needed: true } });
  const { wideningId } = await web.company.publish({ maxMinutes: 480 });
  const get = (username: Username, path = "/") => call(widenings.GET, { token: tokens.get(username) ?? "", path });
  expect((await get("omar", "/?awaiting=true")).body).toMatchObject({ items: [{ id: wideningId }], nextCursor: null });
  expect((await get("ines", "/?awaiting=true")).body).toMatchObject({ items: [] });
  expect((await get("theo")).body).toMatchObject({ items: [{ id: wideningId, whyNotDecide: "not-a-second-person" }] });
  const one = await call(widening.GET, { token: tokens.get("omar") ?? "", params: { id: wideningId ?? "" } });
  expect(one.body).toMatchObject({ proposerName: "Ines", whyNotDecide: null });
  await web.db.fourEyes.updateMany({ data: { needed: false } });
});
