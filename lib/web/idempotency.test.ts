import { afterAll, beforeAll, expect, test } from "vitest";
import * as deny from "../../app/api/v1/requests/[id]/deny/route.ts";
import { Refused } from "../domain/refusals.ts";
import { once } from "./idempotency.ts";
import { call, openWeb, type OpenWeb } from "./testing/open-web.ts";

let web: OpenWeb;
let personId: string;
beforeAll(async () => {
  web = await openWeb();
  personId = web.company.idOf("maya");
});
afterAll(() => web.close());

const answer = (n: number) => Promise.resolve({ status: 201, body: { n } });

test("the first answer is given again, and the work is done once", async () => {
  let done = 0;
  const ask = () => once(web.db, { personId, key: "first", request: "a" }, () => answer((done += 1)));
  expect([await ask(), await ask()]).toEqual([
    { status: 201, body: { n: 1 } },
    { status: 201, body: { n: 1 } },
  ]);
});

test("a key belongs to one person", async () => {
  const ask = (who: string, n: number) => once(web.db, { personId: who, key: "shared", request: "a" }, () => answer(n));
  expect((await ask(personId, 1)).body).toEqual({ n: 1 });
  expect((await ask(web.company.idOf("omar"), 2)).body).toEqual({ n: 2 });
});

test("a key is not used for another request", async () => {
  await once(web.db, { personId, key: "reused", request: "a" }, () => answer(1));
  await expect(once(web.db, { personId, key: "reused", request: "b" }, () => answer(2))).rejects.toThrow(
    new Refused("idempotency-key-reused"),
  );
});

test("of many at once one works, and the others are told to wait", async () => {
  let done = 0;
  const ask = () => once(web.db, { personId, key: "race", request: "a" }, () => answer((done += 1)));
  const outcomes = await Promise.allSettled([ask(), ask(), ask(), ask()]);
  expect(done).toBe(1);
  for (const outcome of outcomes)
    if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "request-in-progress" });
});

test("a refused request leaves its key free, also for whoever waits for it", async () => {
  const refused = () =>
    once(web.db, { personId, key: "refused", request: "a" }, () => Promise.reject(new Refused("not-allowed")));
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, refused));
  for (const outcome of outcomes)
    expect(["not-allowed", "request-in-progress"]).toContain((outcome as { reason: { code: string } }).reason.code);
  expect(await once(web.db, { personId, key: "refused", request: "b" }, () => answer(1))).toMatchObject({
    status: 201,
  });
});

test("a key whose request died is free after a while, and old keys are forgotten", async () => {
  await web.db.$executeRaw`
    INSERT INTO idempotency_key (person_id, key, request_hash, status, response, created_at) VALUES
      (${personId}::uuid, 'dead', 'x', 0, 'null', clock_timestamp() - interval '61 seconds'),
      (${personId}::uuid, 'old', 'x', 201, 'null', clock_timestamp() - interval '25 hours')`;
  expect((await once(web.db, { personId, key: "dead", request: "a" }, () => answer(1))).body).toEqual({ n: 1 });
  expect(await web.db.idempotencyKey.count({ where: { personId, key: "old" } })).toBe(0);
});

test("an answer without words is given again too", async () => {
  const { id } = await web.company.ask("maya", "payments");
  const token = await web.tokenOf("omar");
  const init = { token, method: "POST", params: { id }, path: `/api/v1/requests/${id}/deny`, body: `{"note":"No"}` };
  const ask = () => call(deny.POST, { ...init, headers: { "idempotency-key": "deny" } });
  expect([(await ask()).status, (await ask()).status]).toEqual([204, 204]);
  expect(await web.db.decision.count({ where: { requestId: id } })).toBe(1);
});
