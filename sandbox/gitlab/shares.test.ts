import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { at, openSandbox, type OpenSandbox } from "../testing/sandbox-client.ts";

let sandbox: OpenSandbox;
beforeAll(async () => void (sandbox = await openSandbox()));
afterAll(() => sandbox.close());
beforeEach(() => sandbox.send("POST", "/_reset"));

const groupId = async (path: string): Promise<number> => (await sandbox.gitlab("GET", `/groups/${at(path)}`)).body.id;
const levelIn = async (kind: "groups" | "projects", path: string, username: string): Promise<number | null> => {
  const id = await sandbox.userId(username);
  const answer = await sandbox.gitlab("GET", `/${kind}/${at(path)}/members/all/${id}`);
  return answer.status === 200 ? answer.body.access_level : null;
};
const join = async (path: string, username: string, access_level: number) =>
  sandbox.gitlab("POST", `/groups/${at(path)}/members`, { username, access_level });

describe("the level through a share", () => {
  test.each([
    [50, 40],
    [40, 40],
    [30, 30],
    [10, 10],
  ])("a member at %i of a group shared at Maintainer has %i", async (own, effective) => {
    await join("acme/roles/payments-maintainer", "lena", own);
    expect(await levelIn("groups", "acme/payments", "lena")).toBe(effective);
    expect(await levelIn("projects", "acme/payments/api", "lena")).toBe(effective);
  });

  test("the higher of two ways counts", async () => {
    await join("acme/roles/payments-maintainer", "maya", 40);
    expect(await levelIn("groups", "acme/payments", "maya")).toBe(40);
    expect((await sandbox.gitlab("GET", `/groups/${at("acme/payments")}/members`)).body).toHaveLength(2);
  });

  test("a group brings only its direct members to a group, and everybody to a project", async () => {
    const { body: inner } = await sandbox.gitlab("POST", "/groups", {
      name: "inner",
      path: "inner",
      parent_id: await groupId("acme/data"),
    });
    const share = { group_id: inner.id, group_access: 30 };
    await sandbox.gitlab("POST", `/groups/${at("acme/payments")}/share`, share);
    expect(await levelIn("groups", "acme/payments", "lena")).toBeNull();
    await sandbox.gitlab("POST", `/projects/${at("acme/platform/infra")}/share`, share);
    await sandbox.gitlab("DELETE", `/groups/${at("acme/platform")}/members/${await sandbox.userId("lena")}`);
    expect(await levelIn("projects", "acme/platform/infra", "lena")).toBe(30);
  });

  test("access ends with the share", async () => {
    await join("acme/roles/payments-maintainer", "lena", 40);
    const link = `/groups/${at("acme/payments")}/share/${await groupId("acme/roles/payments-maintainer")}`;
    expect((await sandbox.gitlab("DELETE", link)).status).toBe(204);
    expect(await levelIn("groups", "acme/payments", "lena")).toBeNull();
    expect((await sandbox.gitlab("DELETE", link)).status).toBe(404);
  });
});

describe("who came through an invited private group", () => {
  test("is shown to a developer without who added them, to an owner with it, and to no stranger", async () => {
    const vault = await sandbox.gitlab("POST", "/groups", { name: "vault", path: "vault" });
    const open = await sandbox.gitlab("POST", "/groups", { name: "open", path: "open", visibility: "public" });
    await join("vault", "lena", 30);
    await join("open", "omar", 50);
    await join("open", "maya", 30);
    await sandbox.gitlab("POST", `/groups/${open.body.id}/share`, { group_id: vault.body.id, group_access: 30 });

    const lenaSeenBy = async (username: string) => {
      const path = `/users/${await sandbox.userId(username)}/personal_access_tokens`;
      const { body } = await sandbox.gitlab("POST", path, { name: "test", scopes: ["api"] });
      const lena = await sandbox.userId("lena");
      return sandbox.gitlab("GET", `/groups/open/members/all/${lena}`, undefined, body.token);
    };
    expect((await lenaSeenBy("maya")).body).not.toHaveProperty("created_by");
    expect((await lenaSeenBy("omar")).body).toHaveProperty("created_by");
    expect((await lenaSeenBy("theo")).status).toBe(404);
  });
});

describe.each(["groups", "projects"] as const)("sharing %s", (kind) => {
  const path = kind === "groups" ? "acme/platform" : "acme/platform/infra";
  const share = `/${kind}/${at(path)}/share`;

  test("answers 201 with the link", async () => {
    const id = await groupId("acme/roles/payments-owner");
    const answer = await sandbox.gitlab("POST", share, { group_id: id, group_access: 30, expires_at: "2026-05-01" });
    expect(answer.status).toBe(201);
    const link = kind === "groups" ? answer.body.shared_with_groups.at(-1) : answer.body;
    expect(link).toMatchObject({ group_id: id, expires_at: "2026-05-01" });
    expect((await sandbox.gitlab("POST", share, { group_id: id, group_access: 30 })).status).toBe(409);
  });

  test.each([
    [{}, 400, { error: "group_id is missing, group_access is missing" }],
    [{ group_id: 1, group_access: 33 }, 400, { error: "group_access does not have a valid value" }],
    [{ group_id: 999_999, group_access: 30 }, 404, { message: "404 Group Not Found" }],
  ])("%j is refused", async (body, status, answered) => {
    const answer = await sandbox.gitlab("POST", share, body);
    expect([answer.status, answer.body]).toEqual([status, answered]);
  });

  test("a link is named by a number and must be there", async () => {
    expect((await sandbox.gitlab("DELETE", `${share}/abc`)).status).toBe(400);
    expect((await sandbox.gitlab("DELETE", `${share}/999999`)).status).toBe(404);
  });
});

test("someone who does not own a group neither shares it nor takes a share away, though 204 is answered", async () => {
  const { body } = await sandbox.gitlab("POST", `/users/${await sandbox.userId("maya")}/personal_access_tokens`, {
    name: "test",
    scopes: ["api"],
  });
  const id = await groupId("acme/roles/payments-maintainer");
  const share = `/groups/${at("acme/payments")}/share`;
  await join("acme/roles/platform-maintainer", "maya", 30);
  const other = await groupId("acme/roles/platform-maintainer");
  const refused = await sandbox.gitlab("POST", share, { group_id: other, group_access: 30 }, body.token);
  expect(refused.status).toBe(404);
  expect((await sandbox.gitlab("DELETE", `${share}/${id}`, undefined, body.token)).status).toBe(204);
  const links = (await sandbox.state()).gitlab.groups["acme/payments"].shared_with;
  expect(links.map((link: { group: string }) => link.group)).toContain("acme/roles/payments-maintainer");
});
