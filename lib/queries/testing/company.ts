import { v7 as newId } from "uuid";
import { HOST, type Actor } from "../../domain/actor.ts";
import type { Entitlement } from "../../domain/entitlement.ts";
import type { RoleSpec } from "../../domain/role.ts";
import type { Viewer } from "../../domain/viewer.ts";
import type { Db } from "../../db/client.ts";
import { writeFourEyes } from "../../db/four-eyes.ts";
import { databaseNow } from "../../db/now.ts";
import { approveRequest } from "../../usecases/approve-request.ts";
import { createRole } from "../../usecases/create-role.ts";
import { publishRole } from "../../usecases/publish-role.ts";
import { submitRequest } from "../../usecases/submit-request.ts";

const PEOPLE = {
  maya: { name: "Maya", group: "acme/payments", isOwner: false },
  omar: { name: "Omar", group: "acme/payments", isOwner: true },
  lena: { name: "Lena", group: "acme/platform", isOwner: false },
  noor: { name: "Noor", group: "acme/platform", isOwner: true },
  ines: { name: "Ines", group: null, isOwner: false },
  theo: { name: "Theo", group: null, isOwner: false },
} as const;

export type Username = keyof typeof PEOPLE;
export const USERNAMES = Object.keys(PEOPLE) as readonly Username[];

export const GITLAB: Entitlement = {
  connection: "gitlab",
  kind: "gitlab-group",
  target: "acme/roles/payments-maintainer",
  level: "maintainer",
};
export const AWS: Entitlement = { connection: "aws", kind: "aws-iam-group", target: "payments", level: "member" };

/** The sandbox's six people in a database without a provider: Omar owns payments, Noor owns platform. */
export async function foundCompany(db: Db) {
  const ids = new Map<Username, string>();
  const groups = new Map<string, string>();
  for (const path of ["acme/payments", "acme/platform"]) {
    const { id } = await db.group.create({ data: { id: newId(), connection: "gitlab", path, name: path } });
    groups.set(path, id);
  }
  for (const username of USERNAMES) {
    const { name, group, isOwner } = PEOPLE[username];
    const person = await db.person.create({
      data: { id: newId(), issuer: "test", subject: username, email: `${username}@acme.test`, name, username },
    });
    ids.set(username, person.id);
    const groupId = group === null ? undefined : groups.get(group);
    if (groupId) await db.groupMember.create({ data: { groupId, personId: person.id, isOwner } });
    for (const connection of ["gitlab", "aws"])
      await db.providerAccount.create({
        data: { personId: person.id, connection, externalId: person.id, username, seenAt: new Date(0) },
      });
  }
  const idOf = (username: Username) => ids.get(username) ?? "";
  const spec = (group: string, changes: Partial<RoleSpec> = {}): RoleSpec => ({
    name: `Maintainer of ${group}`,
    summary: "",
    ownerGroupId: groups.get(group) ?? "",
    requesterGroupId: groups.get(group) ?? "",
    approvalsNeeded: 1,
    maxMinutes: 240,
    decideWithinMinutes: 1_440,
    entitlements: [GITLAB, AWS],
    ...changes,
  });
  const viewer = (username: Username): Viewer => ({
    personId: idOf(username),
    name: PEOPLE[username].name,
    email: `${username}@acme.test`,
    isAdmin: username === "ines",
    isAuditor: username === "theo",
  });
  const actor = (username: Username): Actor => ({ ...viewer(username), via: "web" });
  // As in the sandbox: one person can do everything until a test says otherwise.
  await db.$transaction(async (tx) =>
    writeFourEyes(tx, HOST, await databaseNow(tx), { needed: false, reason: "first", causeId: null }),
  );
  await createRole(HOST, { slug: "payments", reason: "first", spec: spec("acme/payments") }, { db });
  await createRole(HOST, { slug: "platform", reason: "first", spec: spec("acme/platform") }, { db });

  return {
    idOf,
    viewer,
    actor,
    spec,
    ask: (username: Username, roleSlug: string) =>
      submitRequest(actor(username), { roleSlug, minutes: 60, justification: `${username} asks` }, { db }),
    /** A grant that its owner approved; its access is written as if the worker had put it in place. */
    async grant(username: Username, roleSlug: string, owner: Username) {
      const { id } = await submitRequest(
        actor(username),
        { roleSlug, minutes: 60, justification: `${username} asks` },
        { db },
      );
      const approved = await approveRequest(actor(owner), { requestId: id }, { db });
      if (approved.state !== "APPROVED") throw new Error("one approval is enough here");
      await db.$executeRaw`UPDATE access_grant SET state = 'ACTIVE', active_at = starts_at
        WHERE id = ${approved.grantId}::uuid`;
      return { requestId: id, grantId: approved.grantId };
    },
    async publish(changes: Partial<RoleSpec>, reason = "a change", slug = "payments") {
      const role = await db.role.findUniqueOrThrow({ where: { slug } });
      const input = { slug, reason, expectedVersion: role.currentVersion, spec: spec(`acme/${slug}`, changes) };
      return publishRole(actor("ines"), input, { db });
    },
  };
}

export type Company = Awaited<ReturnType<typeof foundCompany>>;
