import { afterAll, beforeAll, expect, test } from "vitest";
import { openWeb, type OpenWeb } from "../../../lib/web/testing/open-web.ts";
import { SCOPES } from "../../../lib/domain/scope.ts";
import type { Username } from "../../../lib/queries/testing/company.ts";
import { GET as ready } from "../health/ready/route.ts";
import { GET } from "./route.ts";

let web: OpenWeb;
beforeAll(async () => {
  web = await openWeb();
  const { grantId } = await web.company.grant("maya", "payments", "omar");
  await web.db.$executeRaw`UPDATE access_grant SET state = 'ENDING', ending_at = daypass_now() - interval '2 minutes',
    ends_at = daypass_now() - interval '2 minutes' WHERE id = ${grantId}::uuid`;
  await web.db.binding.updateMany({ data: { tries: 4, lastError: "AWS did not answer" } });
  await web.db.connection.create({
    data: { name: "aws", provider: "aws", downSince: new Date(0), heldUntil: new Date(Date.now() + 60_000) },
  });
  await web.db.siemStream.updateMany({ data: { address: "https://siem.test", seq: 2n } });
  const beat = new Date();
  await web.db.workerHeartbeat.create({ data: { id: "one", startedAt: beat, seenAt: beat } });
});
afterAll(() => web.close());

async function ask(
  handler: (request: Request) => Promise<Response>,
  username: Username | null,
  scopes?: readonly string[],
) {
  const headers = new Headers();
  if (username) headers.set("authorization", `Bearer ${await web.tokenOf(username, scopes)}`);
  const answer = await handler(new Request("http://localhost:3000/", { headers }));
  return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
}

test("only a token with the scope, of an admin or an auditor, reads metrics", async () => {
  const others = SCOPES.filter((scope) => scope !== "metrics:read");
  expect((await ask(GET, null)).status).toBe(401);
  expect((await ask(GET, "ines", others)).status).toBe(403);
  for (const username of ["maya", "omar"] as const) expect((await ask(GET, username)).status).toBe(403);
  for (const username of ["ines", "theo"] as const)
    expect((await ask(GET, username, ["metrics:read"])).status).toBe(200);
});

test("metrics tell the queue, what is due and late, grants by state, workers and providers", async () => {
  const { text, type } = await ask(GET, "ines");
  expect(type).toContain("text/plain; version=0.0.4");
  const values = new Map(
    text
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))] as const),
  );
  expect(values.get("daypass_queue_depth")).toBe(2);
  expect(values.get("daypass_places_due")).toBe(2);
  expect(values.get("daypass_removals_late")).toBe(2);
  expect(values.get("daypass_oldest_late_removal_seconds")).toBeGreaterThanOrEqual(120);
  expect(values.get('daypass_grants{state="ENDING"}')).toBe(1);
  expect(values.get('daypass_grants{state="ACTIVE"}')).toBe(0);
  expect(values.get('daypass_ended_last_day{le="+Inf"}')).toBe(0);
  expect(values.get('daypass_worker_heartbeat_age_seconds{worker="one"}')).toBeLessThan(60);
  expect(values.get('daypass_connection_down_seconds{connection="aws"}')).toBeGreaterThan(0);
  expect(values.get("daypass_siem_sent_seq")).toBe(2);
  expect(values.get("daypass_siem_behind")).toBeGreaterThan(0);
  expect(values.get("daypass_siem_lag_seconds")).toBeGreaterThan(0);
  expect(values.get("daypass_siem_down_seconds")).toBe(0);
  expect(values.get('daypass_connection_held_seconds{connection="aws"}')).toBeGreaterThan(0);
});

test("grants that ended lately are counted by how late they were proved gone, each bound including those below it", async () => {
  for (const seconds of [0.5, 1, 30, 61, 4_000]) {
    const { grantId } = await web.company.grant("lena", "platform", "noor");
    await web.db.$executeRaw`UPDATE access_grant SET state = 'ENDED', ends_at = daypass_now() - interval '2 hours',
      closed_at = daypass_now() - interval '2 hours' + ${seconds} * interval '1 second' WHERE id = ${grantId}::uuid`;
  }
  const { text } = await ask(GET, "ines");
  const upTo = [...text.matchAll(/daypass_ended_last_day\{le="([^"]+)"\} (\d+)/g)].map(([, le, n]) => [le, Number(n)]);
  expect(Object.fromEntries(upTo)).toEqual({ "1": 2, "5": 2, "15": 2, "60": 3, "300": 4, "+Inf": 5 });
});

test("readiness tells what is late, and names nobody but to those who may read metrics", async () => {
  const open = await ask(ready, null);
  expect(JSON.parse(open.text)).toMatchObject({
    lateRemovals: { count: 2, lateAfterSeconds: 60, byConnection: [{ count: 1, triesMost: 4 }, { count: 1 }] },
  });
  expect(open.text).not.toMatch(/Maya|payments|did not answer/);
  expect(JSON.parse((await ask(ready, "theo")).text)).toMatchObject({
    late: [{ who: "Maya", tries: 4, lastError: "AWS did not answer" }, {}],
  });
  expect((await ask(ready, "maya")).text).not.toContain("did not answer");
});
