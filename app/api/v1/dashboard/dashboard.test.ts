import { afterAll, beforeAll, expect, test } from "vitest";
import { call, openWeb, type OpenWeb } from "../../../../lib/web/testing/open-web.ts";
import * as route from "./route.ts";

let web: OpenWeb;
let omar: string;
beforeAll(async () => {
  web = await openWeb();
  omar = await web.tokenOf("omar");
});
afterAll(() => web.close());

const asked = (query: string, token = omar) => call(route.GET, { token, path: `/api/v1/dashboard${query}` });

test("the figures, with each day by its name in the zone that was asked for", async () => {
  const { status, body } = await asked("?range=7d&zone=Asia/Kolkata");
  expect(status).toBe(200);
  const { flow, range, lateness, groups } = body as Record<string, any>;
  expect(flow.bars.length).toBe(7);
  expect(new Date(`${flow.bars[0].day}T00:00+05:30`).toISOString()).toBe(range.since);
  expect(lateness.bars).toContainEqual({ afterEnd: "1 s to 5 s", removals: 0 });
  expect(groups.items).toMatchObject([{ group: "acme/payments" }]);
});

test.each(["?range=8d", "?range=", "?zone=Mars/Olympus", "?zone=", "?zone=UTC%00"])("%s is refused", async (query) => {
  expect(await asked(query)).toMatchObject({ status: 400, body: { code: "invalid-input" } });
});

test("a token needs the scope to read grants, and a person a role to watch over", async () => {
  expect(await asked("", await web.tokenOf("maya"))).toMatchObject({ status: 404 });
  const narrow = await web.tokenOf("omar", ["history:read"]);
  expect(await asked("", narrow)).toMatchObject({ status: 403 });
});
