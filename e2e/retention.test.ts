import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mayasAccessThatWent } from "./access-that-went.ts";
import { openStage, signIn, type Stage } from "./daypass.ts";
import { verifyExport } from "./verify-export.ts";

const DAYS = 30;

let stage: Stage;
let ines: Page;
let folder: string;
let requestId: string;

beforeAll(async () => {
  stage = await openStage();
  folder = await mkdtemp(join(tmpdir(), "daypass-retention-"));
  for (const name of ["Maya", "Omar"]) await signIn(stage, name);
});
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

/** Whether the history finds anything for these words. */
async function isFound(words: string): Promise<boolean> {
  await ines.goto(`${stage.url}/history?q=${encodeURIComponent(words)}`);
  await ines.getByRole("heading", { name: "History", level: 1 }).waitFor();
  return !(await ines.getByText("Nothing that you may see fits these filters.").isVisible());
}

test("the reason of what is long over is found, and what would go is shown without anything going", async () => {
  requestId = await mayasAccessThatWent(stage, "Drain the zephyr queue");
  await stage.wait((DAYS + 1) * 24 * 60);
  ines = await signIn(stage, "Ines", { acceptDownloads: true });
  expect(await isFound("zephyr")).toBe(true);
  await ines.goto(`${stage.url}/settings/retention`);
  await ines.getByText("Personal fields are kept for ever.").waitFor();
  await ines.getByLabel("Redact after how many days").fill(String(DAYS));
  await ines.getByRole("button", { name: "Show what it would redact" }).click();
  await ines.getByRole("heading", { name: `What redacting after ${DAYS} days would do now` }).waitFor();
  await ines.getByText("This cannot be undone").waitFor();
  expect(await isFound("zephyr")).toBe(true);
});

test("a reason is asked for", async () => {
  await ines.goto(`${stage.url}/settings/retention?days=${DAYS}`);
  await ines.getByLabel("Why").fill("   ");
  await ines.getByRole("button", { name: `Redact after ${DAYS} days` }).click();
  await ines
    .getByText(/Say why/)
    .first()
    .waitFor();
});

test("an admin sets the policy, and the reason is gone from its pages and from the search", async () => {
  await ines.getByLabel("Why").fill("The works council agreed on a month");
  await ines.getByRole("button", { name: `Redact after ${DAYS} days` }).click();
  await ines.getByText(`Personal fields are redacted ${DAYS} days after what they belong to was over.`).waitFor();
  await expect
    .poll(() => ines.reload().then(() => ines.getByText(/The last run began/).count()), { timeout: 30_000 })
    .toBe(1);

  await expect.poll(() => isFound("zephyr"), { timeout: 30_000 }).toBe(false);
  await ines.goto(`${stage.url}/requests/${requestId}`);
  await ines.getByText(/^redacted on/).waitFor();
  await ines.getByText("[redacted] asked for payments-maintainer").waitFor();
  expect(await ines.locator("main").textContent()).not.toContain("zephyr");
});

test("the history tells it, and still proves itself to an outsider", async () => {
  expect(await isFound("works council")).toBe(true);
  await ines.goto(`${stage.url}/history`);
  await ines.getByText("Export what these filters show").click();
  const [file] = await Promise.all([
    ines.waitForEvent("download"),
    ines.getByRole("button", { name: "Export" }).click(),
  ]);
  const path = join(folder, file.suggestedFilename());
  await file.saveAs(path);
  expect(await verifyExport(stage, path)).toMatch(/^whole: \d+ changes, each linked, signed with key/);
});
