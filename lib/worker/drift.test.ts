import {
  CreateUserCommand,
  DeleteGroupCommand,
  GetGroupCommand,
  GetRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateUserCommand,
} from "@aws-sdk/client-iam";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { at } from "../../sandbox/testing/sandbox-client.ts";
import { HOST } from "../domain/actor.ts";
import { createRole } from "../usecases/create-role.ts";
import { keepUnknownAccess } from "../usecases/keep-unknown-access.ts";
import { removeUnknownAccess } from "../usecases/remove-unknown-access.ts";
import { afterMinutes } from "../domain/duration.ts";
import { databaseNow } from "../db/now.ts";
import { lateRemovals } from "../db/late-removals.ts";
import { lookAtPlaces } from "./look-at-places.ts";
import { noteAccounts } from "./note-accounts.ts";
import { reconcileBinding } from "./reconcile-binding.ts";
import { sweepAccessRemovals } from "./remove-access.ts";
import { sweepEverything } from "./testing/sweep-everything.ts";
import { IAM_GROUP, ROLE_GROUP, openSmallCompany, type SmallCompany } from "./testing/small-company.ts";

let company: SmallCompany;
beforeEach(async () => void (company = await openSmallCompany()));
afterEach(() => company.close());

const ALL = { connections: ["gitlab", "aws"], olderThanMs: 0, most: 100 };
const list = () => lookAtPlaces(company.deps, ALL);

async function findings() {
  const rows = await company.db.unknownAccess.findMany({
    where: { goneAt: null },
    include: { place: true },
    orderBy: [{ username: "asc" }, { level: "asc" }],
  });
  return rows.map(({ username, level, place }) => ({ username, level, target: place.target }));
}

async function onlyFinding() {
  return company.db.unknownAccess.findFirstOrThrow({ where: { goneAt: null } });
}

async function held(username: string): Promise<boolean> {
  const { gitlab } = (await company.sandbox.state()) as {
    gitlab: { groups: Record<string, { members: { username: string }[] }> };
  };
  return gitlab.groups[ROLE_GROUP]!.members.some((member) => member.username === username);
}

describe("access behind no grant", () => {
  test("is found at GitLab and at AWS, once, with its story; what a grant holds is not", async () => {
    await company.grant("maya", 60);
    await sweepEverything(company.deps);
    await company.byHand("lena", 40);
    await company.byHandAtAws("lena", true);
    await list();
    await list();
    expect(await findings()).toEqual([
      { username: "lena", level: "maintainer", target: ROLE_GROUP },
      { username: "lena", level: "member", target: IAM_GROUP },
    ]);
    const found = await company.story("access.found");
    const role = await company.db.role.findUniqueOrThrow({ where: { slug: "payments" } });
    const lena = await company.actor("lena");
    expect(found).toHaveLength(2);
    for (const entry of found) expect(entry).toMatchObject({ roleId: role.id, personId: lena.personId });
  });

  test("of somebody whom Daypass does not know is found by the account's own name", async () => {
    const { username } = await company.sandbox.newUser("mallory");
    await company.byHand(username, 50);
    await list();
    expect(await findings()).toEqual([{ username: "mallory", level: "owner", target: ROLE_GROUP }]);
    expect((await company.story("access.found"))[0]).toMatchObject({ personId: null, about: { account: "mallory" } });
  });

  test("that a grant of ours just ended is not taken for a finding from a listing that lags behind", async () => {
    await company.grant("maya", 60);
    await sweepEverything(company.deps);
    await company.wait(61);
    await company.faults({ provider: "gitlab", kind: "stale", reads: 3, match: { path: "/members$" } });
    await sweepEverything(company.deps);
    await list();
    expect(await findings()).toEqual([]);
  });

  test("is gone only after a look at the account itself: an empty or shortened list proves nothing", async () => {
    await company.byHand("lena", 40);
    await list();
    await company.faults({ provider: "gitlab", kind: "status", status: 200, body: [], match: { path: "/members$" } });
    await list();
    expect(await findings()).toHaveLength(1);
    await company.noFaults();

    await company.byHand("lena", null);
    await list();
    expect(await findings()).toEqual([]);
    expect(await company.story("access.gone")).toMatchObject([{ after: { state: "absent" } }]);
  });

  test("stays known while the provider talks nonsense, and the place says why nothing is new", async () => {
    await company.byHand("lena", 40);
    await list();
    await company.byHand("lena", null);
    await company.faults({ provider: "gitlab", kind: "html" });
    await list();
    expect(await findings()).toHaveLength(1);
    const place = await company.db.managedPlace.findFirstOrThrow({ where: { target: ROLE_GROUP } });
    expect(place).toMatchObject({ missingSince: null, lastError: expect.stringContaining("not JSON") });
  });

  test("that is kept is found again when its day is over, and at once when it gives more", async () => {
    await company.byHand("lena", 30);
    await list();
    const { id } = await onlyFinding();
    const keep = async (days: number) => {
      const until = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
      await keepUnknownAccess(await company.actor("omar"), { accessId: id, until, reason: "on call" }, company);
    };
    await keep(2);
    await list();
    expect(await onlyFinding()).toMatchObject({ keptReason: "on call", keptLevel: "developer" });
    await company.byHand("lena", 40);
    await list();
    expect(await onlyFinding()).toMatchObject({ keptUntil: null, keptReason: null });

    await keep(2);
    await company.wait(3 * 24 * 60);
    await list();
    expect(await onlyFinding()).toMatchObject({ keptUntil: null });
    expect(await company.story("access.kept")).toHaveLength(2);
    expect(await company.story("access.exception-ended")).toHaveLength(2);
  });

  test("that is removed is called so only when it was seen gone; until then it is tried again, and late", async () => {
    await company.byHand("lena", 40);
    await list();
    const { id } = await onlyFinding();
    await removeUnknownAccess(await company.actor("omar"), { accessId: id, reason: "nobody knows why" }, company);
    await company.faults({ provider: "gitlab", kind: "down" });
    await sweepAccessRemovals(company.deps);
    expect(await onlyFinding()).toMatchObject({ tries: 1, lastError: "GitLab did not answer" });
    await company.wait(2);
    await sweepAccessRemovals(company.deps);
    expect(await lateRemovals(company.db, { most: 5 })).toMatchObject({
      count: 1,
      items: [{ id, who: "lena", tries: 2, lastError: "GitLab did not answer", grantId: null }],
    });
    expect(await company.story("access.removed")).toEqual([]);

    await company.noFaults();
    await company.wait(2);
    await sweepAccessRemovals(company.deps);
    expect(await held("lena")).toBe(false);
    expect(await findings()).toEqual([]);
    expect((await lateRemovals(company.db, { most: 5 })).count).toBe(0);
    const [asked] = await company.story("access.removal-asked");
    const [removed, ...others] = await company.story("access.removed");
    expect(others).toEqual([]);
    expect(removed).toMatchObject({ causeId: asked!.id, after: { state: "absent" } });
    const receipts = await company.db.receipt.findMany();
    expect(receipts).toMatchObject([
      {
        id: removed!.about.receipt,
        accessId: id,
        action: "remove",
        answer: { status: 204, words: "GitLab: membership removed" },
        readBack: { state: "absent" },
        owedSince: expect.any(Date),
      },
    ]);
  });

  test("is told in the story of every role that gives the place", async () => {
    const spec = company.specOf([{ connection: "gitlab", kind: "gitlab-group", target: ROLE_GROUP, level: "guest" }]);
    await createRole(HOST, { slug: "reviewers", reason: "two roles, one group", spec }, company);
    await company.byHand("lena", 40);
    await list();
    const { id } = await onlyFinding();
    const omar = await company.actor("omar");
    const until = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    await keepUnknownAccess(omar, { accessId: id, until, reason: "on call" }, company);
    await removeUnknownAccess(omar, { accessId: id, reason: "no longer" }, company);
    await sweepAccessRemovals(company.deps);
    for (const kind of ["access.found", "access.kept", "access.removal-asked", "access.removed"] as const) {
      const told = await company.story(kind);
      expect(
        told.map(({ about }) => about.role),
        kind,
      ).toEqual(["payments", "reviewers"]);
      expect(new Set(told.map(({ roleId }) => roleId)).size, kind).toBe(2);
    }
    expect(await company.db.receipt.count()).toBe(1);
  });

  test("that was just removed does not pass for what was there before the next grant", async () => {
    await company.byHand("maya", 40);
    await list();
    const { id, externalId, username } = await onlyFinding();
    const gitlab = company.deps.providerNamed("gitlab");
    const place = { connection: "gitlab", kind: "gitlab-group", target: ROLE_GROUP } as const;
    const before = await gitlab.observe({ externalId, username }, place);
    await removeUnknownAccess(await company.actor("omar"), { accessId: id, reason: "nobody knows why" }, company);
    await sweepAccessRemovals(company.deps);

    await company.grant("maya", 60);
    const lagging = { ...gitlab, observe: async () => before };
    const aws = company.deps.providerNamed("aws");
    await sweepEverything({ ...company.deps, providerNamed: (name) => (name === "gitlab" ? lagging : aws) });
    const binding = await company.db.binding.findFirstOrThrow({ where: { target: ROLE_GROUP } });
    expect(binding).toMatchObject({ baseline: null, intended: null });
    expect(binding.lastError).toContain("what was before our last change");

    for (const minutes of [2, 61]) {
      await company.wait(minutes);
      await sweepEverything(company.deps);
    }
    expect(await held("maya")).toBe(false);
  });

  test("that GitLab says it removed, but still shows, is not removed", async () => {
    await company.byHand("lena", 40);
    await list();
    const { id } = await onlyFinding();
    await company.faults({ provider: "gitlab", kind: "stale", reads: 100, match: { path: "/members/" } });
    await removeUnknownAccess(await company.actor("ines"), { accessId: id, reason: "x" }, company);
    await sweepAccessRemovals(company.deps);
    expect(await onlyFinding()).toMatchObject({ tries: 1, lastError: expect.stringContaining("does not show it yet") });
    expect(await company.story("access.removed")).toEqual([]);
    await company.noFaults();
    await company.wait(1);
    await sweepAccessRemovals(company.deps);
    expect(await findings()).toEqual([]);
  });

  test("of an account that a grant has come to hold is removed when the grant is over, not under it", async () => {
    await company.byHand("maya", 30);
    await list();
    const { id } = await onlyFinding();
    await company.grant("maya", 60);
    await sweepEverything(company.deps);
    await removeUnknownAccess(await company.actor("omar"), { accessId: id, reason: "x" }, company);
    await sweepAccessRemovals(company.deps);
    expect(await held("maya")).toBe(true);
    expect((await onlyFinding()).lastError).toContain("A grant holds this access now");

    await company.wait(61);
    await sweepEverything(company.deps);
    expect(await held("maya")).toBe(true);
    await sweepAccessRemovals(company.deps);
    expect(await held("maya")).toBe(false);
  });

  test("is neither listed nor removed out of what is kept for removals that are owed", async () => {
    await company.byHand("lena", 40);
    await company.grant("maya", 60);
    await sweepEverything(company.deps);
    await company.db.binding.updateMany({ where: { connection: "gitlab" }, data: { owedSince: new Date() } });
    await company.db.$executeRaw`UPDATE connection SET held_until = daypass_now() - interval '1 second'
      WHERE name = 'gitlab'`;
    expect(await list()).toBe(1);
    expect(await findings()).toEqual([]);
    await company.wait(1);
    expect(await list()).toBe(2);

    const { id } = await onlyFinding();
    await removeUnknownAccess(await company.actor("omar"), { accessId: id, reason: "x" }, company);
    const limit = company.providers
      .get("gitlab")!
      .removalLimit({ connection: "gitlab", kind: "gitlab-group", target: ROLE_GROUP })!;
    await company.db.$executeRaw`INSERT INTO removal_budget (connection, key, spent)
      SELECT 'gitlab', ${limit.key}, array_agg(daypass_now()) FROM generate_series(1, ${limit.perMinute}::int)`;
    await sweepAccessRemovals(company.deps);
    expect(await held("lena")).toBe(true);
    await company.wait(2);
    await sweepAccessRemovals(company.deps);
    expect(await held("lena")).toBe(false);
  });

  test("at a place where people have standing access is nobody's finding", async () => {
    await company.close();
    company = await openSmallCompany([
      { connection: "gitlab", kind: "gitlab-group", target: "acme/payments", level: "maintainer" },
    ]);
    await list();
    expect(await findings()).toEqual([]);
    expect(await company.db.managedPlace.findMany()).toMatchObject([{ target: "acme/payments", lastError: null }]);
  });
});

test("a place that is deleted is told to everyone who owns a role that gives it, and its return too", async () => {
  await list();
  await company.iam.send(new DeleteGroupCommand({ GroupName: IAM_GROUP }));
  await list();
  await list();
  expect(await company.story("place.missing")).toMatchObject([{ about: { target: IAM_GROUP, role: "payments" } }]);
  const place = await company.db.managedPlace.findFirstOrThrow({ where: { target: IAM_GROUP } });
  expect(place.missingSince).not.toBeNull();

  await company.sandbox.send("POST", "/_reset");
  await list();
  expect(await company.story("place.found")).toHaveLength(1);
});

describe("a statement of Daypass in a trust policy that a hand has changed", () => {
  const ROLE = "payments-deployer";
  const policy = async () => {
    const { Role } = await company.iam.send(new GetRoleCommand({ RoleName: ROLE }));
    return decodeURIComponent(Role!.AssumeRolePolicyDocument!);
  };
  const setPolicy = (PolicyDocument: string) =>
    company.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: ROLE, PolicyDocument }));
  const place = () => company.db.managedPlace.findFirstOrThrow({ where: { target: ROLE } });

  test("makes the place one that cannot be told, which is said with what stands there, until it is set right", async () => {
    await company.close();
    company = await openSmallCompany([{ connection: "aws", kind: "aws-iam-role", target: ROLE, level: "assume" }]);
    await company.grant("maya", 60);
    await sweepEverything(company.deps);
    await list();
    expect(await place()).toMatchObject({ unclearSince: null, lastError: null });

    const ours = await policy();
    await setPolicy(ours.replace("user/maya", "user/lena"));
    await list();
    await list();
    expect(await place()).toMatchObject({
      unclearSince: expect.any(Date),
      unclearFound: expect.stringContaining("user/lena"),
      lastError: expect.stringContaining("changed by hand"),
    });
    expect(await company.story("place.unclear")).toMatchObject([{ about: { target: ROLE, role: "payments" } }]);
    // AWS answered: it is not AWS that is down.
    expect(await company.db.connection.findUniqueOrThrow({ where: { name: "aws" } })).toMatchObject({
      downSince: null,
    });

    await setPolicy(ours);
    await list();
    expect(await place()).toMatchObject({ unclearSince: null, unclearFound: null, lastError: null });
    expect(await company.story("place.clear")).toHaveLength(1);
  });
});

test("an account that is renamed at AWS is told of as renamed, and its grant ends under the new name", async () => {
  const grantId = await company.grant("maya", 60);
  await sweepEverything(company.deps);
  await noteAccounts(company.db);
  await company.iam.send(new UpdateUserCommand({ UserName: "maya", NewUserName: "maya.chen" }));
  await company.iam.send(new CreateUserCommand({ UserName: "maya" }));
  await company.wait(11);
  await company.sync();
  await noteAccounts(company.db);
  expect(await company.story("account.missing")).toEqual([]);
  expect(await company.story("person.renamed")).toMatchObject([
    { about: { account: "maya.chen", formerly: "maya", connection: "aws" } },
  ]);
  await list();
  expect(await findings()).toEqual([]);

  await company.wait(50);
  await sweepEverything(company.deps);
  expect(await company.db.grant.findUniqueOrThrow({ where: { id: grantId } })).toMatchObject({ state: "ENDED" });
  const { Users } = await company.iam.send(new GetGroupCommand({ GroupName: IAM_GROUP }));
  expect(Users).toEqual([]);
});

test("a renamed account is told of once, and stays the same account", async () => {
  await noteAccounts(company.db);
  expect(await company.story("person.renamed")).toEqual([]);
  await company.db.providerAccount.updateMany({
    where: { username: "maya", connection: "gitlab" },
    data: { username: "maya.chen" },
  });
  await noteAccounts(company.db);
  await noteAccounts(company.db);
  expect(await company.story("person.renamed")).toMatchObject([
    { about: { account: "maya.chen", formerly: "maya", connection: "gitlab" } },
  ]);
});

test("an account that the directory lists no more is told of as long as access is held for it", async () => {
  await company.grant("maya", 60);
  await sweepEverything(company.deps);
  const maya = await company.sandbox.userId("maya");
  await company.sandbox.gitlab("POST", `/users/${maya}/block`);
  await company.wait(11);
  await company.sync();
  await noteAccounts(company.db);
  await noteAccounts(company.db);
  expect(await company.story("account.missing")).toMatchObject([{ about: { account: "maya", connection: "gitlab" } }]);
  expect(await company.story("account.found")).toEqual([]);

  await company.wait(50);
  await sweepEverything(company.deps);
  await noteAccounts(company.db);
  expect(await held("maya")).toBe(false);
  expect(await company.story("account.found")).toHaveLength(1);
});

describe("what a hand did to a grant's own access", () => {
  /** Right after a change the provider may show what was before it, so a hand is told from that a little later. */
  const setUp = async () => {
    await sweepEverything(company.deps);
    await company.wait(2);
  };
  const lookAgain = async () => {
    for (const { id } of await company.db.binding.findMany()) await reconcileBinding(id, company.deps);
  };
  const grantLater = async (inMinutes: number) => {
    const startsAt = afterMinutes(await databaseNow(company.db), inMinutes);
    return company.grant("maya", 30, startsAt);
  };
  /** At GitLab and at AWS. */
  const takenFrom = async (grantId: string) => {
    const shares = await company.db.grantBinding.findMany({ where: { grantId }, include: { binding: true } });
    const taken = (connection: string) => {
      const share = shares.find(({ binding }) => binding.connection === connection);
      return share?.takenAt !== null && share?.level === null;
    };
    return [taken("gitlab"), taken("aws")];
  };
  const gitlabBinding = () => company.db.binding.findFirstOrThrow({ where: { target: ROLE_GROUP } });

  test("removed: it stays removed, and the grant's own story tells it", async () => {
    const grantId = await company.grant("maya", 60);
    await setUp();
    await company.byHand("maya", null);
    await lookAgain();
    await lookAgain();
    expect(await held("maya")).toBe(false);
    expect(await gitlabBinding()).toMatchObject({ drift: "removed-by-hand" });
    expect(await company.story("binding.drifted")).toMatchObject([{ grantId, about: { role: "payments" } }]);
  });

  test("removed: what was approved before it and begins later does not bring it back, and tells why", async () => {
    const first = await company.grant("maya", 60);
    await setUp();
    const later = await grantLater(90);
    await company.byHand("maya", null);
    await lookAgain();
    await lookAgain();
    expect(await takenFrom(later)).toEqual([true, false]);
    const told = (await company.story("binding.drifted")).map(({ grantId }) => grantId);
    expect(told.sort()).toEqual([first, later].sort());
    await company.wait(91);
    await sweepEverything(company.deps);
    expect(await held("maya")).toBe(false);
    expect(await company.db.grant.findUniqueOrThrow({ where: { id: later } })).toMatchObject({ state: "ACTIVE" });
    await company.wait(31);
    await sweepEverything(company.deps);
    expect(await company.db.grant.count({ where: { closedAt: null } })).toBe(0);
  });

  test("removed, and first seen when a grant begins that was approved before: neither brings it back", async () => {
    const first = await company.grant("maya", 60);
    await setUp();
    const later = await grantLater(30);
    await company.byHand("maya", null);
    await company.wait(31);
    await sweepEverything(company.deps);
    expect(await held("maya")).toBe(false);
    expect(await takenFrom(first)).toEqual([true, false]);
    expect(await takenFrom(later)).toEqual([true, false]);
    const told = (await company.story("binding.drifted")).map(({ grantId }) => grantId);
    expect(told.sort()).toEqual([first, later].sort());
  });

  test("removed: what is approved once it is known gives it again, at once or later", async () => {
    await company.grant("maya", 60);
    await setUp();
    await company.byHand("maya", null);
    await lookAgain();
    const later = await grantLater(30);
    await lookAgain();
    await company.wait(31);
    await sweepEverything(company.deps);
    expect(await held("maya")).toBe(true);
    expect(await takenFrom(later)).toEqual([false, false]);
  });

  test("extended: it is put back, and told with what was found", async () => {
    const grantId = await company.grant("maya", 60);
    await setUp();
    const { confirmed } = await gitlabBinding();
    const members = `/groups/${at(ROLE_GROUP)}/members/${await company.sandbox.userId("maya")}`;
    await company.sandbox.gitlab("PUT", members, { access_level: 40, expires_at: "2099-01-01" });
    await lookAgain();
    expect(await gitlabBinding()).toMatchObject({ drift: null, seen: confirmed });
    expect(await company.story("binding.drifted")).toMatchObject([
      { grantId, before: confirmed, after: { until: "2099-01-01" }, about: { drift: "extended-by-hand" } },
    ]);
  });

  test("lowered while two grants hold it: both stories tell it", async () => {
    const first = await company.grant("maya", 60);
    const second = await company.grant("maya", 90);
    await setUp();
    await company.byHand("maya", 20);
    await lookAgain();
    const told = (await company.story("binding.drifted")).map(({ grantId }) => grantId);
    expect(told.sort()).toEqual([first, second].sort());
  });
});
