import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStage, signIn, type Stage } from "./daypass.ts";

const ROLE = "/roles/payments-maintainer";

let stage: Stage;
let omar: Page;
let ines: Page;

beforeAll(async () => {
  stage = await openStage();
  omar = await signIn(stage, "Omar");
  ines = await signIn(stage, "Ines");
});
afterAll(async () => {
  await stage.close();
});

async function versionInForce(): Promise<number> {
  return (await stage.db.role.findUniqueOrThrow({ where: { slug: "payments-maintainer" } })).currentVersion;
}

async function publish(page: Page, minutes: string, why: string): Promise<void> {
  await page.goto(`${stage.url}${ROLE}/edit`);
  await page.getByLabel("Longest time, minutes").fill(minutes);
  await page.getByLabel("Why").fill(why);
  await page.getByRole("button", { name: /^Publish version/ }).click();
  await page.waitForURL(/\/versions\/\d+$/);
}

test("the form says what would be different while it is filled in, and what is wrong before it is sent", async () => {
  await omar.goto(`${stage.url}${ROLE}/edit`);
  await omar.getByText("Nothing yet.").waitFor();
  await omar.getByText("Nobody has this role right now.").waitFor();
  await omar.getByLabel("Longest time, minutes").fill("240");
  await omar.getByRole("listitem").filter({ hasText: "Longest time" }).filter({ hasText: "8 h" }).waitFor();
  await omar.getByRole("button", { name: "Add a place" }).click();
  await omar.getByLabel("Path or name of place 3").fill("acme//payments");
  await omar.getByText(/A place or its level is not one that Daypass knows/).waitFor();
  await omar.getByLabel("Why").fill("Try something");
  await omar.getByRole("button", { name: "Publish version 2" }).click();
  await omar.getByRole("alert").filter({ hasText: "A place or its level is not one" }).waitFor();
  expect(await omar.getByLabel("Path or name of place 3").inputValue()).toBe("acme//payments");
  expect(await omar.getByLabel("Longest time, minutes").inputValue()).toBe("240");
  expect(await versionInForce()).toBe(1);
});

test("a form that somebody overtook overwrites nothing unseen, and keeps what was typed", async () => {
  await omar.goto(`${stage.url}${ROLE}/edit`);
  await omar.getByLabel("Summary").fill("Payments, all of it");
  await publish(ines, "120", "Two hours are enough");
  await omar.getByText(/Ines Duarte published version 2 while you were editing version 1/).waitFor();
  // The form still says eight hours, so publishing it would undo what Ines did: the preview says so.
  await omar.getByRole("listitem").filter({ hasText: "Longest time" }).filter({ hasText: "2 h" }).waitFor();
  await omar.getByLabel("Why").fill("A better summary");
  await omar.getByRole("button", { name: "Publish version 3" }).click();
  await omar.getByRole("alert").filter({ hasText: "Someone published another version meanwhile" }).waitFor();
  expect(await versionInForce()).toBe(2);

  expect(await omar.getByLabel("Summary").inputValue()).toBe("Payments, all of it");
  await omar.getByRole("button", { name: "Go on from version 2" }).click();
  await omar.getByLabel("Longest time, minutes").fill("120");
  await omar.getByRole("button", { name: "Publish version 3" }).click();
  await omar.waitForURL(/\/versions\/3$/);
  const now = await stage.db.roleVersion.findFirstOrThrow({
    where: { version: 3, role: { slug: "payments-maintainer" } },
  });
  expect(now).toMatchObject({ summary: "Payments, all of it", maxMinutes: 120, reason: "A better summary" });
});

test("a rollback preview that somebody overtook is shown anew before anything is rolled back", async () => {
  await omar.route("**/api/events", (route) => route.abort());
  await omar.goto(`${stage.url}${ROLE}/versions/1/rollback`);
  await omar.getByText("Version 3 is in force. This makes version 4").waitFor();
  await publish(ines, "60", "One hour");
  await omar.getByRole("button", { name: "Roll back to version 1" }).click();
  await omar.getByRole("alert").filter({ hasText: "Someone published another version meanwhile" }).waitFor();
  await omar.getByText("Version 4 is in force. This makes version 5").waitFor();
  expect(await versionInForce()).toBe(4);

  await omar.getByRole("button", { name: "Roll back to version 1" }).click();
  await omar.waitForURL(/\/versions\/5$/);
  await omar.getByText("Restores version 1").waitFor();
  expect(await versionInForce()).toBe(5);
});

test("any two versions are compared, in words and exactly", async () => {
  await omar.goto(`${stage.url}${ROLE}/versions`);
  await omar.getByLabel("From version").selectOption("1");
  await omar.getByLabel("To version").selectOption("2");
  await omar.getByRole("button", { name: "Compare" }).click();
  await omar.waitForURL(/from=1&to=2$/);
  await omar.getByRole("heading", { name: "Version 1 to version 2" }).waitFor();
  await omar.getByText("Exactly as they were published").click();
  await omar.getByRole("region", { name: "Version 2, exactly" }).getByText('"maxMinutes": 120').waitFor();
  await omar.goto(`${stage.url}${ROLE}/versions?from=1&to=99`);
  await omar.getByText("This role has no such versions.").waitFor();
});

test("a person and a place have pages of their own, one click from the history", async () => {
  await ines.goto(`${stage.url}${ROLE}`);
  await ines.getByRole("link", { name: "acme/roles/payments-maintainer" }).click();
  await ines.waitForURL(/\/targets\/gitlab\/gitlab-group\/acme\/roles\/payments-maintainer$/);
  await ines.getByText("Nobody.").waitFor();
  await ines.getByRole("link", { name: /published version 2 of payments-maintainer/ }).waitFor();
  const { id } = await stage.db.person.findFirstOrThrow({ where: { username: "omar" } });
  await ines.goto(`${stage.url}/people/${id}`);
  await ines
    .getByRole("link", { name: /rolled payments-maintainer back/ })
    .first()
    .waitFor();
});

test("the history filters by role, person and what happened, and keeps the filters in the address bar", async () => {
  await ines.goto(`${stage.url}/history`);
  await ines.getByText("Filters", { exact: true }).click();
  await ines.getByLabel("Role", { exact: true }).fill("payments-maintainer");
  await ines.getByLabel("By whom").fill("omar@acme.test");
  await ines.getByLabel("What happened").selectOption({ label: "Rolled back" });
  await ines.getByRole("button", { name: "Filter" }).click();
  await ines.waitForURL(/kind=role.rolled-back/);
  expect(await ines.getByRole("listitem").filter({ hasText: "rolled payments-maintainer back" }).count()).toBe(1);
  expect(new URL(ines.url()).searchParams.has("until")).toBe(false);

  await ines.getByRole("link", { name: "Remove the filter What happened: roles, rolled back" }).click();
  await ines.waitForURL((url) => !url.searchParams.has("kind") && url.searchParams.has("actor"));
  await ines.getByRole("link", { name: "Show all" }).click();
  await ines.getByText("Ines Duarte published version 2 of payments-maintainer").waitFor();
  await ines.getByRole("button", { name: "Verify from the first" }).click();
  await ines.getByText("Every change was read again.").waitFor();
});

test("the history is searched by words and by time, and says what cannot be", async () => {
  await ines.goto(`${stage.url}/history`);
  await ines.getByRole("searchbox", { name: "Search the history" }).fill("Omar rolled");
  await ines.keyboard.press("Enter");
  await ines.waitForURL(/q=Omar\+rolled/);
  await ines
    .getByRole("link", { name: /rolled payments-maintainer back/ })
    .first()
    .waitFor();
  expect(await ines.getByText("published version 2").count()).toBe(0);

  await ines.getByText("Filters", { exact: true }).click();
  await ines.getByLabel("From", { exact: true }).fill("2020-01-01T00:00:00");
  await ines.getByLabel("To", { exact: true }).fill("2020-01-02T00:00:00");
  await ines.getByRole("button", { name: "Filter" }).click();
  await ines.waitForURL(/until=2020-01-02T00%3A00%3A00.000Z/);
  await ines.getByText("Nothing that you may see fits these filters.").waitFor();

  await ines.goto(
    `${stage.url}/history?since=${encodeURIComponent("2026-02-30T00:00")}&role=${encodeURIComponent("x' OR '1'='1")}`,
  );
  await ines.getByText("No role can be called this.").waitFor();
  await ines.getByText("This is no moment.").waitFor();
  await ines.getByText("Nothing was looked for.").waitFor();
});
