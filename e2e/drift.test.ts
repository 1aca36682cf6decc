import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { giveByHand, isInRoleGroup } from "./by-hand.ts";
import { eventually, openStage, signIn, type Stage } from "./daypass.ts";
import { mintTokenFor } from "./mint.ts";
import { wrongOn } from "./wrong-on.ts";

/** What hands do past Daypass is shown to those who own the roles, and what is late is said to admins everywhere. */

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

function dayAhead(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

test("access given past Daypass is found; its owner keeps one and removes the other, and both are told", async () => {
  await giveByHand(stage, "lena", { access_level: 40 });
  await giveByHand(stage, "noor", { access_level: 30 });
  await stage.wait(6);
  await omar.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Drift" }).click();
  const finding = (name: string) => omar.getByRole("listitem").filter({ hasText: `${name} has access` });
  await finding("Lena Vogel (lena)").waitFor();
  expect(await wrongOn(omar)).toEqual([]);

  await finding("Noor Rahman (noor)").getByText("Keep until …").click();
  await finding("Noor Rahman (noor)").getByLabel("Last day").fill(dayAhead(-3));
  await finding("Noor Rahman (noor)").getByLabel("Why it may stay").fill("On call this week");
  await finding("Noor Rahman (noor)").getByRole("button", { name: "Keep" }).click();
  await omar.getByText("Choose a day from today on").waitFor();
  await finding("Noor Rahman (noor)").getByLabel("Last day").fill(dayAhead(3));
  await finding("Noor Rahman (noor)").getByRole("button", { name: "Keep" }).click();
  await omar.getByRole("heading", { name: "Kept as exceptions" }).waitFor();
  await omar.getByText("“On call this week”").waitFor();

  await finding("Lena Vogel (lena)").getByText("Remove", { exact: false }).first().click();
  await finding("Lena Vogel (lena)").getByLabel("Why", { exact: true }).fill("Nobody knows why");
  await finding("Lena Vogel (lena)").getByRole("button", { name: "Remove" }).click();
  await eventually(async () => expect(await isInRoleGroup(stage, "lena")).toBe(false));
  await finding("Lena Vogel (lena)").waitFor({ state: "detached" });
  await omar.getByRole("heading", { name: "Removed lately" }).waitFor();
  await omar.getByText("Answer 204, GitLab: membership removed. Read back: Nothing.").waitFor();
  expect(await isInRoleGroup(stage, "noor")).toBe(true);

  await omar.goto(`${stage.url}/history`);
  await omar.getByRole("link", { name: /Lena Vogel \(lena\)’s access .* was proved gone/ }).click();
  await omar.getByRole("heading", { name: "Receipt" }).waitFor();
  await omar.getByText("Answer 204, GitLab: membership removed").waitFor();
  await omar.goBack();
  await omar.getByRole("link", { name: /Omar Haddad lets Noor Rahman \(noor\) keep access/ }).waitFor();
  expect(await wrongOn(omar)).toEqual([]);
});

test("a removal that is late is said to admins on every page, in readiness and metrics, until it is proved", async () => {
  const person = async (username: string) => stage.db.person.findFirstOrThrow({ where: { username } });
  const tokens = { maya: await mintTokenFor(stage.db, (await person("maya")).id) };
  const post = async (token: string, path: string, body: object) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    return (await (await fetch(`${stage.url}/api/v1${path}`, init)).json()) as { id: string };
  };
  const { id } = await post(tokens.maya, "/requests", { role: "payments-maintainer", minutes: 30, justification: "x" });
  await post(await mintTokenFor(stage.db, (await person("omar")).id), `/requests/${id}/approve`, {});
  const state = async () => (await stage.db.grant.findFirstOrThrow({ where: { requestId: id } })).state;
  await eventually(async () => expect(await state()).toBe("ACTIVE"));

  await stage.sandbox("/_faults", [{ provider: "gitlab", kind: "down" }]);
  await ines.goto(`${stage.url}/roles`);
  await stage.wait(32);
  const banner = ines.getByRole("complementary", { name: "Late removals" });
  await banner.getByText("1 removal is late").waitFor();
  await banner.getByText(/the last answer: GitLab did not answer/).waitFor();
  expect(await wrongOn(ines)).toEqual([]);
  expect(await omar.getByRole("complementary", { name: "Late removals" }).count()).toBe(0);

  const inesToken = await mintTokenFor(stage.db, (await person("ines")).id);
  const metrics = await fetch(`${stage.url}/api/metrics`, { headers: { authorization: `Bearer ${inesToken}` } });
  expect(await metrics.text()).toContain("\ndaypass_removals_late 1\n");
  const ready = await fetch(`${stage.url}/api/health/ready`);
  expect(await ready.json()).toMatchObject({ lateRemovals: { count: 1 } });

  await banner.getByRole("link", { name: "What is late" }).click();
  await ines.getByText(/Remove Maya Chen from GitLab group/).waitFor();
  for (const path of ["/drift", "/worker"]) {
    await ines.goto(`${stage.url}${path}`);
    expect(await wrongOn(ines)).toEqual([]);
  }

  await stage.sandbox("/_faults", {}, "DELETE");
  await stage.wait(2);
  await eventually(async () => expect(await state()).toBe("ENDED"));
  await banner.waitFor({ state: "detached" });
  await ines.getByRole("row", { name: /1 min to 5 min 1 / }).waitFor();
});
