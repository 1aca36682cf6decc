import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isInRoleGroup, takeByHand } from "./by-hand.ts";
import { openStage, signIn, type Stage } from "./daypass.ts";

let stage: Stage;
let maya: Page;
let omar: Page;

beforeAll(async () => {
  stage = await openStage();
  maya = await signIn(stage, "Maya");
  omar = await signIn(stage, "Omar");
});
afterAll(async () => {
  await stage.close();
});

async function approve(url: string): Promise<void> {
  await omar.goto(url);
  await omar.getByRole("button", { name: /^Approve/ }).click();
  await omar
    .locator("[data-state]")
    .filter({ hasText: /Active|Starts/ })
    .first()
    .waitFor();
}

/** What the providers were asked to take away, whoever asked. */
async function removals(): Promise<object[]> {
  const calls = (await (await fetch(`${stage.sandboxUrl}/_log`)).json()) as { method: string; action?: string }[];
  return calls.filter(({ method, action }) => method === "DELETE" || action === "RemoveUserFromGroup");
}

test("maya extends what she has, omar decides, and at no moment is it taken away", async () => {
  await maya.goto(`${stage.url}/roles/payments-maintainer/request`);
  await maya.getByLabel("Why", { exact: true }).fill("Restart the payout consumer");
  await maya.getByRole("button", { name: "Send request" }).click();
  await maya.waitForURL(/\/requests\//);
  await approve(maya.url());

  await maya.goto(stage.url);
  await maya.getByRole("link", { name: "Extend" }).click();
  await maya.getByRole("heading", { name: "Extend Payments maintainer" }).waitFor();
  await maya.getByText("without a gap").waitFor();
  await maya.getByRole("button", { name: "Send request" }).click();
  await maya.getByText("Say why you need it").waitFor();
  await maya.getByLabel("Why longer").fill("The queue is not empty yet");
  await maya.getByRole("button", { name: "Send request" }).click();
  await maya.waitForURL(/\/requests\//);
  await omar.goto(`${stage.url}/approvals`);
  await omar.getByRole("heading", { name: /asks to extend Payments maintainer/ }).waitFor();
  await approve(maya.url());

  await maya.goto(stage.url);
  await maya.locator("[data-state=SCHEDULED]").waitFor();
  expect(await maya.getByRole("link", { name: "Extend" }).count()).toBe(0);
  await stage.wait(31);
  await maya.locator("[data-state=SCHEDULED]").waitFor({ state: "detached" });
  await maya.locator("[data-state=ACTIVE]").waitFor();
  await maya
    .getByText(/Proved gone/)
    .first()
    .waitFor();

  const { gitlab, aws } = await stage.sandboxState();
  expect(gitlab.groups["acme/roles/payments-maintainer"]?.members.map((member) => member.username)).toContain("maya");
  expect(aws.groups["payments-maintainer"]).toContain("maya");
  expect(await removals()).toEqual([]);
});

test("what a hand takes from it does not come back with the next extension", async () => {
  await maya.getByRole("link", { name: "Extend" }).click();
  await maya.getByLabel("Why longer").fill("Nearly there");
  await maya.getByRole("button", { name: "Send request" }).click();
  await maya.waitForURL(/\/requests\//);
  await approve(maya.url());
  await takeByHand(stage, "maya");

  await maya.goto(stage.url);
  await stage.wait(6);
  await maya.locator("article").filter({ hasText: "Starts" }).getByText("Removed by hand: GitLab group").waitFor();
  await stage.wait(25);
  await maya.locator("[data-state=SCHEDULED]").waitFor({ state: "detached" });
  await maya.getByText(/^Partly removed by hand/).waitFor();
  expect(await isInRoleGroup(stage, "maya")).toBe(false);
});

test("the extension ends like anything else", async () => {
  await stage.wait(31);
  await maya.getByText("You have no temporary access right now.").waitFor();
  // The hand's at GitLab, and ours at AWS.
  expect(await removals()).toHaveLength(2);
  const { gitlab, aws } = await stage.sandboxState();
  expect(gitlab.groups["acme/roles/payments-maintainer"]?.members.map((member) => member.username)).not.toContain(
    "maya",
  );
  expect(aws.groups["payments-maintainer"] ?? []).not.toContain("maya");
});
