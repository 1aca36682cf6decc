import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, openStage, signIn, type Stage } from "./daypass.ts";
import { mintTokenFor } from "./mint.ts";
import { wrongOn } from "./wrong-on.ts";

const SLUG = "payments-maintainer";
const GROUP = `acme/roles/${SLUG}`;
const EXCESS = "payments-owner";
const HOLDERS = ["maya", "theo"] as const;

let stage: Stage;
let ines: Page;
let omar: Page;
const tokens = new Map<string, string>();

beforeAll(async () => {
  stage = await openStage();
  ines = await signIn(stage, "Ines");
  omar = await signIn(stage, "Omar");
  for (const username of ["maya", "theo", "omar", "ines"]) {
    const person = await stage.db.person.findFirstOrThrow({ where: { username } });
    tokens.set(username, await mintTokenFor(stage.db, person.id));
  }
});
afterAll(async () => {
  await stage.close();
});

async function call<T>(username: string, method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(`${stage.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${tokens.get(username)}`, "content-type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return (text === "" ? null : JSON.parse(text)) as T;
}

async function held(username: string): Promise<{ gitlab: number | null; aws: string[] }> {
  const { gitlab, aws } = await stage.sandboxState();
  const member = gitlab.groups[GROUP]?.members.find((one) => one.username === username);
  // Maya stands in a group of her own too, which is none of this.
  return {
    gitlab: member?.access_level ?? null,
    aws: [SLUG, EXCESS].filter((group) => aws.groups[group]?.includes(username)),
  };
}

async function bothHold(what: { gitlab: number; aws: string[] }): Promise<void> {
  expect(await Promise.all(HOLDERS.map(held))).toEqual(HOLDERS.map(() => what));
}

/** Nothing on the page is out of reach for anybody. */
async function expectReachable(page: Page): Promise<void> {
  await page.locator("button[aria-disabled=true]").waitFor({ state: "detached" });
  expect(await wrongOn(page)).toEqual([]);
}

test("an admin gives a role too much, and two people hold it", async () => {
  await ines.goto(`${stage.url}/roles/${SLUG}/edit`);
  await ines.getByLabel("Level at place 1").selectOption("owner");
  await ines.getByRole("button", { name: "Add a place" }).click();
  await ines.getByLabel("Kind of place 3").selectOption("aws-iam-group");
  await ines.getByLabel("Path or name of place 3").fill(EXCESS);
  await ines.getByLabel("Why").fill("They need it for the migration");
  await ines.getByRole("button", { name: "Publish version 2" }).click();
  await ines.waitForURL(/\/versions\/2$/);
  for (const username of HOLDERS) {
    const asked = { role: SLUG, minutes: 120, justification: "Migrate" };
    const { id } = await call<{ id: string }>(username, "POST", "/requests", asked);
    await call("omar", "POST", `/requests/${id}/approve`, {});
  }
  await eventually(() => bothHold({ gitlab: 50, aws: [SLUG, EXCESS] }));
});

test("rolled back with a preview, both lose the excess at GitLab and AWS within 3 s and keep the rest", async () => {
  await ines.goto(`${stage.url}/history`);
  await ines.getByRole("link", { name: `Ines Duarte published version 2 of ${SLUG}` }).click();
  await ines.getByRole("link", { name: "Roll back this change" }).click();
  await ines.getByText("GitLab: change maya in acme/roles/payments-maintainer from Owner to Maintainer").waitFor();
  await ines.getByText("AWS: remove IAM user theo from group payments-owner").waitFor();
  await expectReachable(ines);

  const start = performance.now();
  await ines.getByRole("button", { name: /^Roll change \d+ back$/ }).click();
  await eventually(() => bothHold({ gitlab: 40, aws: [SLUG] }));
  const took = performance.now() - start;
  console.log(`from the click until both lost the excess at both providers: ${Math.round(took)} ms`);
  expect(took).toBeLessThan(3_000);
  await ines.waitForURL(/\/history\/\d+$/);
  await ines.getByText("All of it was seen done.").waitFor();
  await expectReachable(ines);
});

test("the history tells the story, and its chain verifies", async () => {
  await ines.getByRole("heading", { name: /^Ines Duarte rolled change \d+ back$/ }).waitFor();
  await ines.getByRole("link", { name: /rolled a change of payments-maintainer back: version 3/ }).click();
  for (const name of ["Maya", "Theo"])
    await ines.getByRole("link", { name: new RegExp(`^${name}.* live access to ${SLUG} was narrowed$`) }).waitFor();
  await ines.goto(`${stage.url}/history`);
  await ines
    .getByText(/changes, verified to the last/)
    .first()
    .waitFor();
  await ines.getByRole("button", { name: "Verify from the first" }).click();
  await ines.getByText("Every change was read again.").waitFor();
});

test("a field that was changed again since is chosen for, not overwritten", async () => {
  for (const [version, minutes] of [
    [3, 240],
    [4, 120],
  ] as const) {
    const { entitlements, name, summary, ownerGroup, requesterGroup } = await call<Record<string, never>>(
      "ines",
      "GET",
      `/roles/${SLUG}`,
    );
    await fetch(`${stage.url}/api/v1/roles/${SLUG}`, {
      method: "PUT",
      headers: {
        authorization: `Bearer ${tokens.get("ines")}`,
        "content-type": "application/json",
        "if-match": `"${version}"`,
      },
      body: JSON.stringify({
        reason: `${minutes} minutes`,
        spec: { entitlements, name, summary, ownerGroup, requesterGroup, maxMinutes: minutes },
      }),
    });
  }
  await ines.goto(`${stage.url}/history`);
  await ines.getByRole("link", { name: `Ines Duarte published version 4 of ${SLUG}` }).click();
  await ines.getByRole("link", { name: "Roll back this change" }).click();
  await ines.getByText("The change made 8 h into 4 h; now it is 2 h.").waitFor();
  expect(await ines.getByRole("button", { name: /^Roll change/ }).count()).toBe(0);
  await ines.getByLabel("Set it back: 8 h").check();
  await ines.getByRole("button", { name: "Show what follows" }).click();
  await ines.getByRole("listitem").filter({ hasText: "Longest time" }).filter({ hasText: "8 h" }).waitFor();
  await expectReachable(ines);
});

test("a preview that somebody overtook does nothing and is shown anew", async () => {
  await ines.route("**/api/events", (route) => route.abort());
  await ines.reload();
  await call("omar", "POST", `/roles/${SLUG}/rollback`, { version: 4, reason: "Meanwhile" });
  await ines.getByRole("button", { name: /^Roll change/ }).click();
  await ines.getByRole("alert").filter({ hasText: "Something changed since this preview was made" }).waitFor();
  const { currentVersion } = await stage.db.role.findUniqueOrThrow({ where: { slug: SLUG } });
  expect(currentVersion).toBe(6);
});

test("everything goes back to a moment", async () => {
  const made = await stage.db.change.findFirstOrThrow({ where: { kind: "role.published" }, orderBy: { seq: "asc" } });
  await ines.goto(`${stage.url}/history/${Number(made.seq) - 1}`);
  await ines.getByRole("link", { name: "Roll everything back to here" }).click();
  await ines.getByRole("heading", { name: /^Payments maintainer, from version/ }).waitFor();
  await expectReachable(ines);
  await ines.getByRole("button", { name: /^Roll everything back to change/ }).click();
  await ines.getByRole("heading", { name: /^Ines Duarte rolled everything back to change/ }).waitFor();
  const now = await stage.db.roleVersion.findFirstOrThrow({
    where: { role: { slug: SLUG } },
    orderBy: { version: "desc" },
  });
  expect(now).toMatchObject({ maxMinutes: 480, restores: 1 });
});

test("with four eyes on, what gives more waits beside the requests until a second person approves it", async () => {
  await ines.goto(`${stage.url}/settings/four-eyes`);
  await ines.getByLabel("Why").fill("For real now");
  await ines.getByRole("button", { name: "Switch it on" }).click();
  await ines.getByText("On: what gives more waits for a second person.").waitFor();
  await expectReachable(ines);

  await omar.goto(`${stage.url}/roles/${SLUG}/edit`);
  await omar.getByLabel("Longest time, minutes").fill("600");
  await omar.getByRole("heading", { name: "What waits for a second person" }).waitFor();
  await omar.getByLabel("Why").fill("Long nights");
  await omar.getByRole("button", { name: /^Publish version/ }).click();
  await omar.waitForURL(/\/widenings\//);
  await omar.getByText("Nobody decides their own proposal.").waitFor();
  await expectReachable(omar);

  await ines.goto(`${stage.url}/approvals`);
  const proposal = ines.getByRole("article").filter({ hasText: "Omar" });
  await proposal.getByText("10 h").waitFor();
  await proposal.getByText("Decide here").click();
  await expectReachable(ines);
  await proposal.getByRole("button", { name: /^Approve/ }).click();
  await ines.getByText("Nothing waits for you.").waitFor();
  const now = await stage.db.roleVersion.findFirstOrThrow({
    where: { role: { slug: SLUG } },
    orderBy: { version: "desc" },
  });
  expect(now).toMatchObject({ maxMinutes: 600, reason: "Long nights" });
  await omar.getByText("Approved by Ines Duarte", { exact: true }).waitFor();
});
