import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { at, openSandbox, type OpenSandbox } from "../testing/sandbox-client.ts";

let sandbox: OpenSandbox;
beforeAll(async () => void (sandbox = await openSandbox()));
afterAll(() => sandbox.close());
beforeEach(() => sandbox.send("POST", "/_reset"));

const ROLE = "acme/roles/payments-maintainer";
const join = (path: string, username: string, access_level: number, expires_at: string | null = null) =>
  sandbox.gitlab("POST", `/groups/${at(path)}/members`, { username, access_level, expires_at });
const inside = async (path: string): Promise<string[]> =>
  (await sandbox.state()).gitlab.groups[path].members.map((row: { username: string }) => row.username);
const clockTo = (iso: string) => sandbox.send("POST", "/_clock", { at: iso });

test("an expired member stays until ten past midnight and is gone after it", async () => {
  await join(ROLE, "maya", 40, "2026-03-11");
  await clockTo("2026-03-11T00:09:59Z");
  expect(await inside(ROLE)).toEqual(["maya"]);
  await clockTo("2026-03-11T00:10:00Z");
  expect(await inside(ROLE)).toEqual([]);
});

test("a later date and no date survive the night", async () => {
  await join(ROLE, "maya", 40, "2026-03-12");
  await join(ROLE, "lena", 40);
  await clockTo("2026-03-11T06:00:00Z");
  expect(await inside(ROLE)).toEqual(["lena", "maya"]);
});

test("a jump over many nights removes everything that expired on the way", async () => {
  await join(ROLE, "maya", 40, "2026-03-20");
  await clockTo("2026-04-20T00:05:00Z");
  expect(await inside(ROLE)).toEqual([]);
});

test("the sweep takes memberships below along", async () => {
  await join("acme", "maya", 30, "2026-03-11");
  await clockTo("2026-03-11T01:00:00Z");
  expect(await inside("acme/payments")).toEqual(["omar"]);
});

test("an expired share ends in the same night", async () => {
  const { body: data } = await sandbox.gitlab("GET", `/groups/${at("acme/data")}`);
  const share = { group_id: data.id, group_access: 30, expires_at: "2026-03-11" };
  await sandbox.gitlab("POST", `/groups/${at("acme/payments")}/share`, share);
  await clockTo("2026-03-11T01:00:00Z");
  const links = (await sandbox.state()).gitlab.groups["acme/payments"].shared_with;
  expect(links.map((link: { group: string }) => link.group)).not.toContain("acme/data");
});

test("moving the clock back sweeps nothing, and forward again sweeps once more", async () => {
  await clockTo("2026-03-11T06:00:00Z");
  await clockTo("2026-03-10T12:00:00Z");
  await join(ROLE, "maya", 40, "2026-03-11");
  expect(await inside(ROLE)).toEqual(["maya"]);
  await clockTo("2026-03-11T00:10:00Z");
  expect(await inside(ROLE)).toEqual([]);
});
