import { readdir } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROLE_GROUP, giveByHand, takeByHand } from "./by-hand.ts";
import { eventually, openStage, signIn, type SandboxState, type Stage } from "./daypass.ts";
import { wrongOn } from "./wrong-on.ts";

const IAM_GROUP = "payments-maintainer";

let stage: Stage;
let maya: Page;
let omar: Page;
let ines: Page;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => {
  await stage.close();
});

async function heldByMaya(): Promise<{ gitlab: number | null; until: string | null; aws: boolean }> {
  const { gitlab, aws } = await stage.sandboxState();
  const member = gitlab.groups[ROLE_GROUP]?.members.find(({ username }) => username === "maya");
  return {
    gitlab: member?.access_level ?? null,
    until: member?.expires_at ?? null,
    aws: aws.groups[IAM_GROUP]?.includes("maya") ?? false,
  };
}

async function ask(page: Page, minutes: number, why: string): Promise<void> {
  await page.goto(`${stage.url}/roles/payments-maintainer/request`);
  await page.getByText("Exactly…").click();
  await page.getByLabel("Minutes").fill(String(minutes));
  await page.getByLabel("Why").fill(why);
  await page.getByRole("button", { name: "Send request" }).click();
  await page.waitForURL(/\/requests\//);
}

async function approve(page: Page): Promise<void> {
  await page.goto(`${stage.url}/approvals`);
  await page.getByText("Decide here").first().click();
  await page
    .getByRole("button", { name: /^Approve/ })
    .first()
    .click();
  await page.getByText("Nothing waits for you.").waitFor();
}

async function mailTo(username: string): Promise<SandboxState["mail"]> {
  const { mail } = await stage.sandboxState();
  return mail.filter(({ to }) => to.includes(`${username}@acme.test`));
}

async function shown(page: Page, words: string | RegExp): Promise<void> {
  await page.locator("[data-state]").filter({ hasText: words }).first().waitFor();
}

test("maya signs in and lands on the roles she may ask for", async () => {
  maya = await signIn(stage, "Maya");
  await maya.getByText("You have no temporary access right now.").waitFor();
  await maya.getByRole("link", { name: "Ask for access" }).click();
  await maya.getByRole("heading", { name: "Roles" }).waitFor();
  await maya.getByRole("link", { name: "Payments maintainer", exact: true }).waitFor();
  expect(await maya.getByText("Platform maintainer").count()).toBe(0);
});

test("what is wrong is said beside the field, and nothing typed is lost", async () => {
  await maya.goto(`${stage.url}/roles/payments-maintainer/request`);
  for (const [minutes, words] of [
    ["0", /at least 1/],
    ["-5", /at least 1/],
    ["1.5", /whole number/],
    ["481", /longer than this role allows/],
  ] as const) {
    await maya.getByText("Exactly…").click();
    await maya.getByLabel("Minutes").fill(minutes);
    await maya.getByLabel("Why").fill("Fix the stuck payout queue");
    await maya.getByRole("button", { name: "Send request" }).click();
    await maya.getByRole("alert").filter({ hasText: words }).waitFor();
    expect(await maya.getByLabel("Why").inputValue()).toBe("Fix the stuck payout queue");
  }
  expect(await stage.db.accessRequest.count()).toBe(0);
});

test("she asks for 30 minutes and sees who can decide", async () => {
  await ask(maya, 30, "Fix the stuck payout queue");
  await shown(maya, "Waiting for Omar Haddad");
  expect(await maya.getByRole("button", { name: /^Approve/ }).count()).toBe(0);
  await maya.getByText(/nobody decides their own request/).waitFor();
});

test("lena neither sees nor decides it", async () => {
  const lena = await signIn(stage, "Lena");
  await lena.goto(maya.url());
  await lena.getByText("There is nothing here that you may see").waitFor();
  await lena.goto(`${stage.url}/approvals`);
  await lena.getByText("Nothing waits for you.").waitFor();
  await lena.context().close();
});

test("omar is told by one mail, and its link leads to the request", async () => {
  omar = await signIn(stage, "Omar");
  await eventually(async () => expect(await mailTo("omar")).toHaveLength(1));
  await omar.goto(`${stage.sandboxUrl}/mail`);
  await omar.getByRole("link", { name: /^Maya Chen asks for payments-maintainer, 30 min/ }).click();
  await omar.getByText("> Fix the stuck payout queue").waitFor();
  await omar.getByRole("link", { name: maya.url() }).click();
  await omar.waitForURL(maya.url());
  expect((await stage.sandboxState()).mail).toHaveLength(1);
});

test("omar sees exactly what will be done, approves, and both pages turn active by themselves", async () => {
  await omar
    .getByText(/GitLab: add maya to acme\/roles\/payments-maintainer as Maintainer, backstop date \d{4}-\d\d-\d\d/)
    .waitFor();
  await omar.getByText("AWS: add IAM user maya to group payments-maintainer").waitFor();
  const plan = omar.getByText(/^Maintainer until about/);
  const asAsked = await plan.textContent();
  await omar.getByLabel("Minutes").fill("31");
  await omar.getByRole("button", { name: /^Approve/ }).click();
  await omar.getByRole("alert").filter({ hasText: "not lengthen" }).waitFor();
  await omar.getByLabel("Minutes").fill("20");
  expect(await omar.getByRole("alert").filter({ hasText: "not lengthen" }).count()).toBe(0);
  expect(await plan.textContent()).not.toBe(asAsked);
  await omar.getByRole("button", { name: /^Approve/ }).click();
  await Promise.all([shown(omar, /Active, \d+ min left/), shown(maya, /Active, \d+ min left/)]);
  expect(await heldByMaya()).toMatchObject({ gitlab: 40, until: expect.stringMatching(/^\d{4}-/), aws: true });
  await eventually(async () =>
    expect((await mailTo("maya")).map(({ subject }) => subject)).toEqual([
      expect.stringMatching(/^You have payments-maintainer until \d\d:\d\d UTC$/),
    ]),
  );
});

test("the grant's page shows each binding: wanted, seen, before us, end-stops, receipts", async () => {
  await maya.goto(`${stage.url}/`);
  await maya.getByRole("link", { name: "Payments maintainer" }).click();
  for (const words of ["Wanted", "Seen", "Before us", "End-stops", "Provider’s own expiry: set to"])
    await maya.getByText(words).first().waitFor();
  await maya.getByText(/Read back: Maintainer until/).waitFor();
});

test("when the time is up it is removed and proved gone", async () => {
  await stage.wait(21);
  // Shortly before midnight it is gone on the next day, which is said.
  await shown(maya, /Proved gone at (\d+ \w+, )?\d\d:\d\d:\d\d/);
  expect(await heldByMaya()).toEqual({ gitlab: null, until: null, aws: false });
  await eventually(async () => expect((await mailTo("maya"))[0]?.subject).toBe("payments-maintainer is gone"));
  expect([(await mailTo("maya")).length, (await mailTo("omar")).length]).toEqual([2, 1]);
});

test("she gives access back early, and it is proved gone", async () => {
  await ask(maya, 60, "Once more");
  await approve(omar);
  await shown(maya, /Active/);
  await maya.getByRole("link", { name: "My access" }).first().click();
  await maya.getByRole("button", { name: "I’m done" }).click();
  await maya.getByText("You have no temporary access right now.").waitFor();
  await maya
    .getByText(/Proved gone at/)
    .first()
    .waitFor();
  expect(await heldByMaya()).toEqual({ gitlab: null, until: null, aws: false });
});

test("asking again begins with what was asked, and tells others nothing of it", async () => {
  await maya.getByRole("link", { name: "Ask again" }).first().click();
  await maya.waitForURL(/\?again=/);
  await expect.poll(() => maya.getByLabel("Why").inputValue()).toBe("Once more");
  expect(await maya.getByRole("radio", { name: "1 h" }).isChecked()).toBe(true);
  const lena = await signIn(stage, "Lena");
  await lena.goto(maya.url());
  expect(await lena.content()).not.toContain("Once more");
  await lena.context().close();
});

test("what a hand takes from a live grant is said on its card, and is not given again", async () => {
  await ask(maya, 60, "Until somebody takes it");
  await approve(omar);
  await shown(maya, /Active/);
  await takeByHand(stage, "maya");
  await maya.getByRole("link", { name: "My access" }).first().click();
  await stage.wait(6);
  await shown(maya, /^Partly removed by hand/);
  await maya.getByText(`Removed by hand: GitLab group ${ROLE_GROUP}.`, { exact: false }).waitFor();
  expect(await heldByMaya()).toEqual({ gitlab: null, until: null, aws: true });
  await maya.getByRole("button", { name: "I’m done" }).click();
  await maya.getByText("You have no temporary access right now.").waitFor();
});

test("standing access survives: the baseline comes back exactly", async () => {
  // What is found right after a removal may be older than it, and is not taken for standing access yet.
  await stage.wait(2);
  await giveByHand(stage, "maya", { access_level: 20, expires_at: "2099-05-01" });
  await ask(maya, 60, "With a baseline");
  await approve(omar);
  await shown(maya, /Active/);
  expect((await heldByMaya()).gitlab).toBe(40);
  await omar.goto(`${stage.url}/grants/${await liveGrantId()}`);
  await omar.getByText("Reporter until 2099-05-01").first().waitFor();
  await omar.getByLabel("Why").fill("Incident is over");
  await omar.getByRole("button", { name: "Revoke" }).click();
  await shown(omar, /Proved gone/);
  expect(await heldByMaya()).toEqual({ gitlab: 20, until: "2099-05-01", aws: false });
});

test("GitLab down at the end: the page says what waits, and it heals by itself", async () => {
  await ask(maya, 60, "Through an outage");
  await approve(omar);
  await shown(maya, /Active/);
  const grantId = await liveGrantId();
  await stage.sandbox("/_faults", [{ provider: "gitlab", kind: "down" }]);
  await maya.goto(`${stage.url}/grants/${grantId}`);
  await maya.getByRole("button", { name: "I’m done" }).click();
  await shown(maya, /Being removed, try \d/);
  await maya
    .getByText(/GitLab did not answer/)
    .first()
    .waitFor();
  expect((await stage.db.grant.findUniqueOrThrow({ where: { id: grantId } })).state).toBe("REVOKING");
  await stage.sandbox("/_faults", {}, "DELETE");
  await stage.wait(2);
  await shown(maya, /Proved gone/);
  expect((await heldByMaya()).gitlab).toBe(20);
});

test("ines narrows the role, live access is narrowed; the history verifies; one click rolls it back", async () => {
  ines = await signIn(stage, "Ines");
  await ask(maya, 60, "Before the role changes");
  await approve(omar);
  await shown(maya, /Active/);
  await ines.goto(`${stage.url}/roles/payments-maintainer/edit`);
  await ines.getByRole("button", { name: "Remove place 2" }).click();
  await ines.getByText(/loses member at AWS IAM group payments-maintainer/).waitFor();
  await ines.getByText("AWS: remove IAM user maya from group payments-maintainer").waitFor();
  const why = ines.getByLabel("Why");
  await ines.getByRole("button", { name: "Publish version 2" }).click();
  await ines.getByRole("alert").filter({ hasText: "This cannot be empty." }).waitFor();
  expect(await why.evaluate((field) => field === document.activeElement)).toBe(true);
  await why.fill("AWS is not needed for this");
  await ines.getByText("This cannot be empty.").waitFor({ state: "detached" });
  await ines.getByRole("button", { name: "Publish version 2" }).click();
  await ines.waitForURL(/\/roles\/payments-maintainer\/versions\/2$/);
  await ines.getByText("All of it was seen done.").waitFor();
  await eventually(async () => expect(await heldByMaya()).toMatchObject({ gitlab: 40, aws: false }));

  await ines.goto(`${stage.url}/history`);
  await ines
    .getByText(/changes, verified to the last/)
    .first()
    .waitFor();
  await ines.getByRole("link", { name: "Ines Duarte published version 2 of payments-maintainer" }).click();
  await ines.getByText("Exactly as it was recorded").click();
  await ines.getByText('"version": 1').waitFor();
  await ines.getByText('"version": 2').waitFor();
  await ines.getByRole("link", { name: /live access to payments-maintainer was narrowed/ }).waitFor();

  await ines.goto(`${stage.url}/roles/payments-maintainer/versions`);
  await ines.getByRole("link", { name: "Roll back to version 1" }).click();
  await ines.getByText("1 grant is live; it keeps what it has.").waitFor();
  await ines.getByText("AWS IAM group payments-maintainer").waitFor();
  await ines.getByRole("button", { name: "Roll back to version 1" }).click();
  await ines.getByText("Restores version 1").waitFor();
  expect((await heldByMaya()).aws).toBe(false);
});

test("theo sees the same and can change nothing", async () => {
  const theo = await signIn(stage, "Theo");
  await theo.goto(`${stage.url}/history`);
  await theo
    .getByText(/changes, verified to the last/)
    .first()
    .waitFor();
  await theo.goto(`${stage.url}/roles/payments-maintainer/versions`);
  await theo.getByText("restores version 1").waitFor();
  expect(await theo.getByRole("link", { name: /Roll back/ }).count()).toBe(0);
  await theo.goto(`${stage.url}/roles/payments-maintainer/versions/1/rollback`);
  await theo.getByText("There is nothing here that you may see").waitFor();
  await theo.goto(`${stage.url}/roles/payments-maintainer/edit`);
  await theo.getByText("There is nothing here that you may see").waitFor();
  await theo.context().close();
});

test("the same through the API with a bearer token", async () => {
  const mayas = await makeToken(maya);
  const omars = await makeToken(omar);
  await stage.wait(90);
  await eventually(async () => expect((await heldByMaya()).gitlab).toBe(20));
  const asked = await api(mayas, "POST", "/requests", {
    role: "payments-maintainer",
    minutes: 15,
    justification: "From the terminal",
  });
  expect(asked.status).toBe(201);
  const { id } = asked.body as { id: string };
  expect((await api(mayas, "POST", `/requests/${id}/approve`, {})).body).toMatchObject({
    status: 403,
    code: "own-request",
  });
  const waiting = (await api(omars, "GET", "/requests?awaiting=true")).body as { items: { id: string }[] };
  expect(waiting.items.map((item) => item.id)).toEqual([id]);
  const approved = await api(omars, "POST", `/requests/${id}/approve`, { minutes: 10 });
  expect(approved.body).toMatchObject({ state: "APPROVED" });
  const { grantId } = approved.body as { grantId: string };
  await eventually(async () =>
    expect((await api(mayas, "GET", `/grants/${grantId}`)).body).toMatchObject({ state: "ACTIVE" }),
  );
  expect(await heldByMaya()).toMatchObject({ gitlab: 40, aws: true });
  expect((await api(mayas, "POST", `/grants/${grantId}/release`, {})).status).toBe(204);
  await eventually(async () =>
    expect((await api(mayas, "GET", `/grants/${grantId}`)).body).toMatchObject({ state: "REVOKED" }),
  );
  expect(await heldByMaya()).toEqual({ gitlab: 20, until: "2099-05-01", aws: false });
});

/** Every page that there is, as files say, so that a new one cannot be forgotten; with something to show on each. */
async function everyPage(): Promise<string[]> {
  const { db } = stage;
  const request = await db.accessRequest.findFirstOrThrow({ orderBy: { id: "desc" } });
  const grant = await db.grant.findFirstOrThrow({ orderBy: { id: "desc" } });
  const published = await db.change.findFirstOrThrow({ where: { kind: "role.published" } });
  const files = (await readdir("app", { recursive: true })).filter((file) => file.endsWith("page.tsx"));
  const pages = files.map((file) =>
    `/${file}`
      .replace("/(portal)", "")
      .replace(/\/page\.tsx$/, "")
      .replace("[...address]", "nothing-here")
      .replace("[slug]", "payments-maintainer")
      .replace("[version]", "1")
      .replace("[seq]", String(published.seq))
      .replace("[requestId]", request.id)
      .replace("[grantId]", grant.id)
      .replace("[personId]", grant.personId)
      .replace("[connection]/[kind]/[...target]", "gitlab/gitlab-group/acme/roles/payments-maintainer"),
  );
  const filled = [
    "/roles/payments-maintainer/versions?from=1&to=2",
    `/history/rollback?to=${published.seq}`,
    "/history?q=payments&since=2026-02-30T00:00&role=no+role",
  ];
  // Whoever is signed in is led on from the sign-in page; a stranger looks at it below.
  return [...pages.filter((page) => page !== "/sign-in"), ...filled];
}

test("no axe violation on any page, light and dark, at a desk and on a phone, and nothing scrolls sideways", async () => {
  const pages = await everyPage();
  const lanes = [pages.filter((_, n) => n % 2 === 0), pages.filter((_, n) => n % 2 === 1)];
  const found = await Promise.all([...lanes.map(wrongForInes), wrongForStranger()]);
  expect(found.flat()).toEqual([]);
});

async function wrongForInes(paths: readonly string[]): Promise<string[]> {
  const page = await signIn(stage, "Ines");
  const found: string[] = [];
  for (const path of paths) {
    await page.goto(`${stage.url}${path}`);
    found.push(...(await wrongOn(page)));
  }
  await page.context().close();
  return found;
}

async function wrongForStranger(): Promise<string[]> {
  const page = await stage.browser.newPage();
  await page.goto(`${stage.url}/sign-in`);
  const found = await wrongOn(page);
  await page.close();
  return found;
}

async function liveGrantId(): Promise<string> {
  const grant = await stage.db.grant.findFirstOrThrow({ where: { closedAt: null }, orderBy: { id: "desc" } });
  return grant.id;
}

async function makeToken(page: Page): Promise<string> {
  await page.goto(`${stage.url}/settings/tokens`);
  await page.getByLabel("Name").fill("terminal");
  for (const scope of ["requests:write", "approvals:write", "grants:write"]) await page.getByLabel(scope).check();
  await page.getByRole("button", { name: "Make token" }).click();
  return page.locator("[data-token]").innerText();
}

async function api(token: string, method: string, path: string, body?: unknown) {
  const answer = await fetch(`${stage.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: answer.status === 204 ? null : ((await answer.json()) as unknown) };
}
