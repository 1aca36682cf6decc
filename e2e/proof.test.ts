import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mayasAccessThatWent } from "./access-that-went.ts";
import { openStage, signIn, type Stage } from "./daypass.ts";
import { verifyExport } from "./verify-export.ts";
import { wrongOn } from "./wrong-on.ts";

let stage: Stage;
let theo: Page;
let folder: string;
let requestId: string;

beforeAll(async () => {
  stage = await openStage();
  folder = await mkdtemp(join(tmpdir(), "daypass-proof-"));
  for (const name of ["Maya", "Omar"]) await signIn(stage, name);
  theo = await signIn(stage, "Theo", { acceptDownloads: true });
});
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

test("Daypass works with a role that may not rewrite the history", async () => {
  requestId = await mayasAccessThatWent(stage, "Fix the payout queue");
  const [{ sessions, may }] = await stage.db.$queryRaw<[{ sessions: number; may: boolean }]>`
    SELECT (SELECT count(*)::int FROM pg_stat_activity WHERE usename = 'daypass_app') AS sessions,
      has_table_privilege('daypass_app', 'change', 'UPDATE, DELETE, TRUNCATE') AS may`;
  expect(sessions).toBeGreaterThan(1);
  expect(may).toBe(false);
});

async function download(page: Page, button: string): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: button }).click()]);
  const path = join(folder, file.suggestedFilename());
  await file.saveAs(path);
  return path;
}

const verify = (path: string) => verifyExport(stage, path);

test("an auditor takes the history out, and an outsider proves it with the public key alone", async () => {
  await theo.goto(`${stage.url}/history`);
  await theo.getByText("Export what these filters show").click();
  const path = await download(theo, "Export");
  expect(await verify(path)).toMatch(/^whole: \d+ changes, each linked, signed with key/);
  await writeFile(path, (await readFile(path, "utf8")).replace("payout", "Payout"));
  expect(await verify(path)).toMatch(/BROKEN at entry \d+, line \d+ \(changed\)/);
  await theo.goto(`${stage.url}/history`);
  await theo
    .getByText(/exported \d+ changes as JSON Lines/)
    .first()
    .waitFor();
  await theo.getByText(/^Signed up to change/).waitFor();
});

test("a time in which nothing can be is refused in words", async () => {
  await theo.goto(`${stage.url}/history`);
  await theo.getByText("Filters", { exact: true }).click();
  await theo.getByLabel("From", { exact: true }).fill("2026-02-02T00:00:00");
  await theo.getByLabel("To", { exact: true }).fill("2026-01-01T00:00:00");
  await theo.getByRole("button", { name: "Filter" }).click();
  await theo.getByRole("alert").filter({ hasText: "Nothing can be in this time" }).waitFor();
});

test("the evidence of a request tells it from asked to proved gone, and its file can be verified", async () => {
  await theo.goto(`${stage.url}/requests/${requestId}`);
  await theo.getByRole("link", { name: "Evidence" }).click();
  await theo.getByText("Fix the payout queue").first().waitFor();
  await theo.getByText(/GitLab group acme\/roles\/payments-maintainer, as maya: Maintainer became nothing/).waitFor();
  await theo.getByText("Proved gone").first().waitFor();
  expect(await verify(await download(theo, "As JSON, to verify"))).toMatch(/^whole: /);
});

test("the evidence of a quarter has the request, and its file can be verified", async () => {
  await theo.goto(`${stage.url}/evidence`);
  await theo.getByRole("link", { name: /payments-maintainer/ }).waitFor();
  expect(await verify(await download(theo, "As JSON, to verify"))).toMatch(/^whole: /);
});

test("no axe violation and no sideways scrolling, opened details included", async () => {
  for (const path of ["/history", "/evidence", `/requests/${requestId}/evidence`]) {
    await theo.goto(`${stage.url}${path}`);
    for (const summary of await theo.locator("main summary").all()) await summary.click();
    expect(await wrongOn(theo)).toEqual([]);
  }
});
