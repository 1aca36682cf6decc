import { v7 as newId } from "uuid";
import { HOST, type Actor } from "../../domain/actor.ts";
import { ABSENT, sameSeen, targetOf, wantedBy, type Seen } from "../../domain/binding.ts";
import type { Entitlement, Level } from "../../domain/entitlement.ts";
import { isLive, wantsAccess, type GrantState } from "../../domain/grant.ts";
import { Refused } from "../../domain/refusals.ts";
import type { RoleSpec } from "../../domain/role.ts";
import type { Account } from "../../providers/provider.ts";
import { databaseNow } from "../../db/now.ts";
import { approveRequest } from "../../usecases/approve-request.ts";
import { createRole } from "../../usecases/create-role.ts";
import { publishRole } from "../../usecases/publish-role.ts";
import { releaseGrant } from "../../usecases/release-grant.ts";
import { revokeGrant } from "../../usecases/revoke-grant.ts";
import { submitRequest } from "../../usecases/submit-request.ts";
import type { Deps } from "../deps.ts";
import { reconcileBinding } from "../reconcile-binding.ts";
import { sweepDue } from "../sweep.ts";
import { Killed, Trouble, faultyProvider, mortalDb, type FaultKind } from "./faulty.ts";
import type { World } from "./history-world.ts";

export type Command =
  | { readonly kind: "grant"; readonly who: number; readonly role: number; readonly minutes: number }
  | { readonly kind: "revoke"; readonly pick: number }
  | { readonly kind: "wait"; readonly minutes: number }
  | { readonly kind: "hand-remove" | "hand-extend"; readonly who: number; readonly place: number }
  | { readonly kind: "narrow"; readonly role: number }
  | { readonly kind: "fault"; readonly fault: FaultKind; readonly calls: number }
  | { readonly kind: "crash"; readonly after: number };

export type Standing = { readonly who: number; readonly place: number; readonly level: Level };

/** The places of all histories. Roles overlap on them on purpose. */
const PLACES = [
  { connection: "gitlab", kind: "gitlab-group", target: "acme/roles/payments-maintainer" },
  { connection: "gitlab", kind: "gitlab-group", target: "acme/roles/data-developer" },
  { connection: "aws", kind: "aws-iam-group", target: "payments-maintainer" },
  { connection: "aws", kind: "aws-iam-group", target: "data-developer" },
] as const;

const ROLES: readonly (readonly [place: number, level: Level])[][] = [
  [
    [0, "maintainer"],
    [2, "member"],
  ],
  [
    [0, "developer"],
    [1, "developer"],
    [3, "member"],
  ],
  [
    [0, "reporter"],
    [1, "maintainer"],
    [2, "member"],
  ],
];

/**
 * Plays one history and gives every broken promise in words; an empty list is what the product stands for. After each
 * command the worker works, and what it calls ended must be gone then; at the end the faults stop, and what is wanted and
 * what was there before must be exactly what the providers hold.
 */
export async function playHistory(
  world: World,
  standing: readonly Standing[],
  commands: readonly Command[],
): Promise<string[]> {
  const history = await begin(world, standing);
  for (const command of commands) {
    await obey(history, command);
    await work(history);
    await checkClosed(history, JSON.stringify(command));
  }
  history.trouble.clear();
  await converge(history);
  await checkPlaces(history, "when the faults stopped");
  await world.wait(8 * 24 * 60);
  await converge(history);
  await checkPlaces(history, "when all time was up");
  await checkAllClosed(history);
  return history.broken;
}

type Person = { id: string; name: string; accounts: Record<string, Account> };

type History = {
  world: World;
  people: Person[];
  roles: string[];
  grants: string[];
  deps: Deps;
  trouble: Trouble;
  /** What stood at a place before Daypass, or since a person changed it by hand with nothing of ours there. */
  before: Map<string, Seen>;
  /** Places where a person removed access by hand while a grant held it; value: grants that were in place by then. */
  removed: Map<string, ReadonlySet<string>>;
  broken: string[];
};

async function begin(world: World, standing: readonly Standing[]): Promise<History> {
  const people = world.nextPeople().map(({ id, name, gitlab, aws }) => ({
    id,
    name,
    accounts: { gitlab: { externalId: gitlab, username: name }, aws: { externalId: aws, username: aws } },
  }));
  const roles: string[] = [];
  for (const lines of ROLES) {
    const slug = `role-${newId()}`;
    await createRole(HOST, { slug, reason: "history", spec: specOf(world, lines) }, { db: world.db });
    roles.push(slug);
  }
  const trouble = new Trouble();
  const providers = new Map([...world.providers].map(([name, provider]) => [name, faultyProvider(provider, trouble)]));
  const history: History = {
    world,
    people,
    roles,
    grants: [],
    trouble,
    before: new Map(),
    removed: new Map(),
    broken: [],
    deps: {
      db: mortalDb(world.db, trouble),
      workerId: newId(),
      pause: () => Promise.resolve(),
      providerNamed: (name) => present(providers.get(name)),
    },
  };
  for (const { who, place, level } of standing) {
    const at = present(PLACES[place]);
    const given = at.kind === "gitlab-group" ? level : "member";
    const account = accountAt(history, who, place);
    await providerAt(history, place).apply(account, at, { level: given, until: null });
    history.before.set(`${who} ${place}`, { state: "present", level: given, until: null });
  }
  return history;
}

function specOf(world: World, lines: readonly (readonly [number, Level])[]): RoleSpec {
  const entitlements = lines.map(([place, level]): Entitlement => ({ ...present(PLACES[place]), level }));
  return {
    name: "History",
    summary: "",
    ownerGroupId: world.groupId,
    requesterGroupId: world.groupId,
    approvalsNeeded: 1,
    maxMinutes: 600,
    decideWithinMinutes: 60,
    entitlements,
  };
}

async function obey(history: History, command: Command): Promise<void> {
  const { world, trouble } = history;
  switch (command.kind) {
    case "grant":
      return grant(history, command.who, command.role, command.minutes);
    case "revoke":
      return revoke(history, command.pick);
    case "wait":
      return world.wait(command.minutes);
    case "hand-remove":
      return handRemove(history, command.who, command.place);
    case "hand-extend":
      return handExtend(history, command.who, command.place);
    case "narrow":
      return narrow(history, command.role);
    case "fault":
      trouble.breakNext(command.fault, command.calls);
      return;
    case "crash":
      trouble.killAfter(command.after);
  }
}

async function grant(history: History, who: number, role: number, minutes: number): Promise<void> {
  const { db } = history.world;
  const roleSlug = present(history.roles[role]);
  await unlessRefused(async () => {
    const asked = { roleSlug, minutes, justification: "history" };
    const { id } = await submitRequest(actor(present(history.people[who])), asked, { db });
    const approved = await approveRequest(owner(history), { requestId: id }, { db });
    if (approved.state === "APPROVED") history.grants.push(approved.grantId);
  });
}

async function revoke(history: History, pick: number): Promise<void> {
  const { db } = history.world;
  const grantId = history.grants[pick % Math.max(1, history.grants.length)];
  if (!grantId) return;
  const { personId } = await db.grant.findUniqueOrThrow({ where: { id: grantId } });
  const holder = present(history.people.find((person) => person.id === personId));
  await unlessRefused(() =>
    pick % 2 === 0
      ? releaseGrant(actor(holder), { grantId }, { db })
      : revokeGrant(owner(history), { grantId, reason: "history" }, { db }),
  );
}

async function narrow(history: History, role: number): Promise<void> {
  const { db } = history.world;
  const slug = present(history.roles[role]);
  const now = await db.role.findUniqueOrThrow({ where: { slug } });
  const kept = present(ROLES[role])
    .slice(0, 1)
    .map(([place]) => [place, "guest"] as const);
  await unlessRefused(() =>
    publishRole(
      { ...owner(history), isAdmin: true },
      { slug, spec: specOf(history.world, kept), reason: "less", expectedVersion: now.currentVersion },
      { db },
    ),
  );
}

async function handRemove(history: History, who: number, place: number): Promise<void> {
  const key = `${who} ${place}`;
  const account = accountAt(history, who, place);
  const seen = await providerAt(history, place).observe(account, present(PLACES[place]));
  if (seen.state === "absent") return;
  await providerAt(history, place).remove(account, present(PLACES[place]));
  if (await isOurs(history, who, place)) history.removed.set(key, await appliedAt(history, who, place));
  else history.before.set(key, ABSENT);
}

async function isOurs(history: History, who: number, place: number): Promise<boolean> {
  const at = present(PLACES[place]);
  const binding = await history.world.db.binding.findFirst({
    where: { personId: present(history.people[who]).id, connection: at.connection, target: at.target },
  });
  return binding !== null && binding.intended !== null;
}

/** Grants that were in place there: one that was approved but not set up yet may still set itself up. */
async function appliedAt(history: History, who: number, place: number): Promise<Set<string>> {
  const at = present(PLACES[place]);
  const rows = await history.world.db.grantBinding.findMany({
    where: {
      appliedAt: { not: null },
      binding: { personId: present(history.people[who]).id, connection: at.connection, target: at.target },
    },
  });
  return new Set(rows.map((row) => row.grantId));
}

/** GitLab lets a Maintainer extend their own membership. */
async function handExtend(history: History, who: number, place: number): Promise<void> {
  const at = present(PLACES[place]);
  const account = accountAt(history, who, place);
  const seen = await providerAt(history, place).observe(account, at);
  if (at.kind !== "gitlab-group" || seen.state === "absent" || seen.until === null) return;
  await providerAt(history, place).apply(account, at, { level: seen.level, until: "2099-01-01" });
}

/** One round of the worker. When it is killed, another one takes over, as the heartbeat would let it. */
async function work(history: History): Promise<void> {
  try {
    await sweepDue(history.deps);
  } catch (error) {
    if (!(error instanceof Killed) && !history.trouble.isDead) throw error;
  }
  if (!history.trouble.isDead) return;
  history.trouble.revive();
  await history.world.db.$executeRaw`
    UPDATE binding SET leased_by = NULL, leased_until = NULL, fence = fence + 1
    WHERE leased_by = ${history.deps.workerId}`;
}

/** With the faults gone, a few rounds with time between them bring everything to rest. */
async function converge(history: History): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await work(history);
    await history.world.wait(2);
  }
  await work(history);
  await lookAtAll(history);
}

/** The slow sweep, over the bindings of this history alone: the database holds those of all the others too. */
async function lookAtAll({ world, people, deps }: History): Promise<void> {
  const bindings = await world.db.binding.findMany({ where: { personId: { in: people.map(({ id }) => id) } } });
  for (const { id } of bindings) await reconcileBinding(id, deps);
}

type Share = { id: string; state: GrantState; startsAt: Date; endsAt: Date; level: Level | null };

async function sharesAt(history: History, who: number, place: number): Promise<Share[]> {
  const at = present(PLACES[place]);
  return history.world.db.$queryRaw<Share[]>`
    SELECT g.id, g.state, g.starts_at AS "startsAt", g.ends_at AS "endsAt", gb.level
    FROM grant_binding gb
      JOIN binding b ON b.id = gb.binding_id
      JOIN access_grant g ON g.id = gb.grant_id
    WHERE b.person_id = ${present(history.people[who]).id}::uuid AND b.connection = ${at.connection}
      AND b.target = ${at.target}`;
}

/** Rules 1, 3, 4 and 5 at rest: every place holds what live grants want on top of what was there before, and no more. */
async function checkPlaces(history: History, when: string): Promise<void> {
  const now = await databaseNow(history.world.db);
  for (const who of history.people.keys())
    for (const place of PLACES.keys()) {
      const seen = await providerAt(history, place).observe(accountAt(history, who, place), present(PLACES[place]));
      const shares = await sharesAt(history, who, place);
      const expected = expectedAt(history, who, place, shares, now);
      if (expected.some((good) => sameSeen(good, seen))) continue;
      history.broken.push(
        `${when}, person ${who} at ${present(PLACES[place]).target}: ${say(seen)}, not ${expected.map(say).join(" or ")}`,
      );
    }
}

function expectedAt(history: History, who: number, place: number, shares: readonly Share[], now: Date): Seen[] {
  const at = present(PLACES[place]);
  const live = shares.flatMap((share) =>
    share.level !== null && wantsAccess(share, now) ? [{ ...share, level: share.level }] : [],
  );
  const wanted = wantedBy(at.kind, live);
  const targetOver = (baseline: Seen) =>
    targetOf({
      kind: at.kind,
      wanted,
      backstop: wanted ? providerAt(history, place).backstop(at.kind, wanted.endsAt) : null,
      activating: false,
      baseline,
      intended: null,
      confirmed: null,
      providerNow: now.toISOString(),
    });
  const target = targetOver(history.before.get(`${who} ${place}`) ?? ABSENT);
  const removed = history.removed.get(`${who} ${place}`);
  if (!removed) return [target];
  // Taken away by hand: it stays away unless a grant was approved since. Whether the standing access under it comes back
  // depends on whether the removal was seen while the grant held it; both are right.
  const approvedSince = live.some((share) => !removed.has(share.id));
  return approvedSince || !wanted ? [target, targetOver(ABSENT)] : [ABSENT];
}

/** Rule 2: what is called ended is gone at that moment, not later. */
async function checkClosed(history: History, after: string): Promise<void> {
  const now = await databaseNow(history.world.db);
  for (const who of history.people.keys())
    for (const place of PLACES.keys()) {
      const shares = await sharesAt(history, who, place);
      const allOver =
        shares.length > 0 && shares.every((share) => share.state === "ENDED" || share.state === "REVOKED");
      if (!allOver || history.removed.has(`${who} ${place}`)) continue;
      const seen = await providerAt(history, place).observe(accountAt(history, who, place), present(PLACES[place]));
      const before = history.before.get(`${who} ${place}`) ?? ABSENT;
      if (!sameSeen(seen, before))
        history.broken.push(
          `after ${after} at ${now.toISOString()}: every grant of person ${who} at ${present(PLACES[place]).target} is called over, but ${say(seen)} is there and not ${say(before)}`,
        );
    }
}

async function checkAllClosed(history: History): Promise<void> {
  const open = await history.world.db.grant.findMany({
    where: { id: { in: history.grants }, closedAt: null },
    select: { state: true },
  });
  for (const { state } of open) history.broken.push(`a grant is still ${state} after all time was up`);
  const live = await history.world.db.grant.findMany({
    where: { id: { in: history.grants } },
    select: { state: true },
  });
  for (const { state } of live) if (isLive(state as GrantState)) history.broken.push(`a grant still lives as ${state}`);
}

async function unlessRefused(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
}

function actor(person: { id: string; name: string }): Actor {
  return { personId: person.id, name: person.name, isAdmin: false, isAuditor: false, via: "web" };
}

function owner({ world }: History): Actor {
  return actor({ id: world.ownerId, name: "Omar" });
}

function providerAt(history: History, place: number) {
  return present(history.world.providers.get(present(PLACES[place]).connection));
}

function accountAt(history: History, who: number, place: number): Account {
  return present(present(history.people[who]).accounts[present(PLACES[place]).connection]);
}

function say(seen: Seen): string {
  return seen.state === "absent" ? "nothing" : `${seen.level} until ${seen.until ?? "for ever"}`;
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("missing");
  return value;
}
