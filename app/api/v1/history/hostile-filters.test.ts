import { afterAll, beforeAll, expect, test } from "vitest";
import { call, openWeb, type OpenWeb } from "../../../../lib/web/testing/open-web.ts";
import { FILTER_NAMES } from "../../../../lib/web/history-search.ts";
import * as history from "./route.ts";
import * as exported from "./export/route.ts";

let web: OpenWeb;
let ines: string;
let lena: string;
beforeAll(async () => {
  web = await openWeb();
  await web.company.grant("maya", "payments", "omar");
  [ines, lena] = [await web.tokenOf("ines"), await web.tokenOf("lena")];
});
afterAll(() => web.close());

const INJECTIONS = [
  "'",
  "x' OR '1'='1",
  "'; DROP TABLE change; --",
  "'/**/OR/**/1=1--",
  "' | '=kind:request.submitted",
  "$1",
  "\\",
  "%00",
  "../../etc/passwd",
];

test.each(FILTER_NAMES)("an injection in %s finds nothing or is refused, and changes nothing", async (name) => {
  const before = await web.world();
  for (const text of INJECTIONS) {
    const path = `/api/v1/history?${new URLSearchParams({ [name]: text }).toString()}`;
    for (const token of [ines, lena]) {
      const { status, body } = await call(history.GET, { token, path });
      if (status === 200) expect({ text, items: body.items }).toEqual({ text, items: [] });
      else expect({ text, status, code: body.code }).toEqual({ text, status: 400, code: "invalid-input" });
    }
  }
  expect(await web.world()).toEqual(before);
});

test.each([
  ["q", "…"],
  ["q", "x".repeat(201)],
  ["role", "Payments!"],
  ["person", "maya lena"],
  ["actor", "x".repeat(201)],
  ["kind", "request.granted"],
  ["outcome", "good"],
  ["provider", "azure"],
  ["target", "acme payments"],
  ["since", "yesterday"],
  ["since", "2026-02-30T00:00:00Z"],
  ["since", "0000-01-01T00:00:00Z"],
  ["until", "9999-12-31T23:59:59-14:00"],
  ["until", "2026-11-24"],
  ["request", "1"],
  ["grant", "1"],
])("%s=%s is refused beside the field, by the list and by the export", async (name, value) => {
  const search = new URLSearchParams({ [name]: value }).toString();
  for (const route of [history, exported])
    expect(await call(route.GET, { token: ines, path: `/?${search}` })).toMatchObject({
      status: 400,
      body: { code: "invalid-input", errors: [{ field: name }] },
    });
});

test("a time that ends before it begins, or has not begun, is refused", async () => {
  for (const range of ["since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z", "since=2999-01-01T00:00:00Z"])
    expect(await call(history.GET, { token: ines, path: `/?${range}` })).toMatchObject({
      status: 422,
      body: { code: "range-empty" },
    });
});

test("people are named by user name, e-mail address or id, alike", async () => {
  const said = async (person: string) => {
    const path = `/?${new URLSearchParams({ person, kind: "request.submitted" }).toString()}`;
    return ((await call(history.GET, { token: ines, path })).body.items as unknown[]).length;
  };
  for (const name of ["maya", "MAYA", "maya@acme.test", web.company.idOf("maya")]) expect(await said(name)).toBe(1);
  for (const name of ["nobody", "00000000-0000-4000-8000-000000000000"]) expect(await said(name)).toBe(0);
});
