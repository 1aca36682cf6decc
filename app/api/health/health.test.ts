import { createServer } from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDb } from "../../../lib/db/client.ts";
import { openWeb, type OpenWeb } from "../../../lib/web/testing/open-web.ts";
import { GET as live } from "./live/route.ts";
import { GET as ready } from "./ready/route.ts";

let web: OpenWeb;
beforeAll(async () => void (web = await openWeb()));
afterAll(() => web.close());

const asked = () => new Request("http://localhost:3000/api/health/ready");
const statusOf = async (answer: Response) => [answer.status, ((await answer.json()) as { status: string }).status];

test("without a worker it is live but not ready; with one it is both", async () => {
  expect(await statusOf(live())).toEqual([200, "live"]);
  expect(await statusOf(await ready(asked()))).toEqual([503, "starting"]);
  const beat = new Date();
  await web.db.workerHeartbeat.create({ data: { id: "w", startedAt: beat, seenAt: beat } });
  expect(await statusOf(await ready(asked()))).toEqual([200, "ready"]);
});

test("a database that is away, or takes the connection and says nothing, is told in time", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as { port: number };
  for (const at of [1, port]) {
    const away = openDb(`postgresql://nobody@127.0.0.1:${at}/nothing`);
    globalThis.daypassDb = away;
    expect(await statusOf(await ready(asked()))).toEqual([503, "database does not answer"]);
  }
  globalThis.daypassDb = web.db;
  silent.close();
});
