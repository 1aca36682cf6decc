import { v7 as newId } from "uuid";
import { HOST } from "../lib/domain/actor.ts";
import type { Change, ChangeKind, Json } from "../lib/domain/change.ts";
import type { Entitlement } from "../lib/domain/entitlement.ts";
import type { Db } from "../lib/db/client.ts";
import { append } from "../lib/db/record.ts";
import { createRole } from "../lib/usecases/create-role.ts";

export type Filled = {
  readonly people: readonly { id: string; name: string; username: string }[];
  /** One role per group; everybody in `people` may ask, and `owner` decides. */
  readonly roles: readonly { id: string; slug: string; versionId: string; ownerId: string }[];
};

const BATCH = 500;

/**
 * A company that has used Daypass for a while: every synced person may ask for every bench role, and `requests` requests
 * lie in the past, a third each ended, denied and withdrawn, with their whole chained history. Rows are written in bulk;
 * the history goes through `append` like any other.
 */
export async function fill(
  db: Db,
  {
    groups,
    requests,
    providers = ["gitlab", "aws"],
  }: { groups: number; requests: number; providers?: readonly ("gitlab" | "aws")[] },
): Promise<Filled> {
  const people = await db.person.findMany({
    where: { username: { startsWith: "person" } },
    select: { id: true, name: true, username: true },
    orderBy: { username: "asc" },
  });
  const roles = await makeRoles(db, people, groups, providers);
  for (let from = 0; from < requests; from += BATCH)
    await writePast(db, people, roles, from, Math.min(BATCH, requests - from));
  await db.$executeRaw`ANALYZE`;
  return { people, roles };
}

async function makeRoles(
  db: Db,
  people: Filled["people"],
  groups: number,
  providers: readonly string[],
): Promise<Filled["roles"]> {
  const roles: { id: string; slug: string; versionId: string; ownerId: string }[] = [];
  const everybody = JSON.stringify(people.map((person) => person.id));
  for (let n = 1; n <= groups; n += 1) {
    const name = String(n).padStart(4, "0");
    const owner = at(people, n % 50);
    const [group] = await db.$queryRaw<[{ id: string }]>`
      INSERT INTO access_group (id, connection, path, name)
      VALUES (${newId()}::uuid, 'bench', ${`bench/${name}`}, ${name}) RETURNING id`;
    await db.$executeRaw`
      INSERT INTO group_member (group_id, person_id, is_owner)
      SELECT ${group.id}::uuid, value::uuid, value::uuid = ${owner.id}::uuid
      FROM jsonb_array_elements_text(${everybody}::jsonb)`;
    const slug = `bench-${name}`;
    await createRole(
      HOST,
      {
        slug,
        reason: "bench",
        spec: {
          name: `Bench ${name}`,
          summary: "For measuring.",
          ownerGroupId: group.id,
          requesterGroupId: group.id,
          approvalsNeeded: 1,
          maxMinutes: 480,
          decideWithinMinutes: 7 * 24 * 60,
          entitlements: entitlementsAt(name).filter(({ connection }) => providers.includes(connection)),
        },
      },
      { db },
    );
    const { id, versions } = await db.role.findUniqueOrThrow({ where: { slug }, include: { versions: true } });
    roles.push({ id, slug, versionId: at(versions, 0).id, ownerId: owner.id });
  }
  return roles;
}

function entitlementsAt(name: string): Entitlement[] {
  return [
    { connection: "gitlab", kind: "gitlab-group", target: `acme/roles/bench-${name}`, level: "maintainer" },
    { connection: "aws", kind: "aws-iam-group", target: `bench-${name}`, level: "member" },
  ];
}

type Past = { id: string; person: Filled["people"][number]; role: Filled["roles"][number]; state: string; at: Date };

async function writePast(db: Db, people: Filled["people"], roles: Filled["roles"], from: number, count: number) {
  const past = Array.from({ length: count }, (_, i): Past => {
    const n = from + i;
    return {
      id: newId(),
      person: at(people, 50 + (n % (people.length - 50))),
      role: at(roles, n % roles.length),
      state: at(["APPROVED", "DENIED", "WITHDRAWN"], n % 3),
      at: new Date(Date.now() - (20_000 - n) * 60_000),
    };
  });
  await db.accessRequest.createMany({
    data: past.map(({ id, person, role, state, at: when }) => ({
      id,
      roleId: role.id,
      roleVersionId: role.versionId,
      requesterId: person.id,
      minutes: 30,
      justification: "Look into a failed deployment of last night",
      state,
      createdAt: when,
      decideBy: after(when, 24 * 60),
      closedAt: after(when, 7),
    })),
  });
  const decided = past.filter((request) => request.state !== "WITHDRAWN");
  await db.decision.createMany({
    data: decided.map((request) => ({
      id: newId(),
      requestId: request.id,
      approverId: request.role.ownerId,
      verdict: request.state === "APPROVED" ? "approve" : "deny",
      minutes: request.state === "APPROVED" ? 30 : null,
      note: "",
      decidedAt: after(request.at, 7),
    })),
  });
  const granted = past
    .filter((request) => request.state === "APPROVED")
    .map((request) => ({ ...request, grantId: newId() }));
  await db.grant.createMany({
    data: granted.map(({ grantId, id, role, person, at: when }) => ({
      id: grantId,
      requestId: id,
      roleId: role.id,
      roleVersionId: role.versionId,
      personId: person.id,
      minutes: 30,
      state: "ENDED",
      startsAt: after(when, 7),
      activeAt: after(when, 7),
      endsAt: after(when, 37),
      endingAt: after(when, 37),
      closedAt: after(when, 37),
      endReason: "Its time was up",
    })),
  });
  await writeStory(db, past, new Map(granted.map(({ id, grantId }) => [id, grantId])));
}

async function writeStory(db: Db, past: readonly Past[], grantIds: ReadonlyMap<string, string>): Promise<void> {
  const changes = past.flatMap((request) => {
    const grantId = grantIds.get(request.id) ?? null;
    const entry = (kind: ChangeKind, minutes: number, after_: Json) =>
      changeOf(request, kind, grantId, minutes, after_);
    if (!grantId)
      return [
        entry("request.submitted", 0, { state: "PENDING" }),
        entry(request.state === "DENIED" ? "request.denied" : "request.withdrawn", 7, { state: request.state }),
      ];
    return [
      entry("request.submitted", 0, { state: "PENDING" }),
      entry("request.approved", 7, { state: "APPROVED", minutes: 30 }),
      entry("grant.activating", 7, { state: "ACTIVATING" }),
      entry("grant.active", 7, { state: "ACTIVE" }),
      entry("grant.ending", 37, { state: "ENDING" }),
      entry("grant.ended", 37, { state: "ENDED" }),
    ];
  });
  await append(db, changes);
}

function changeOf(request: Past, kind: ChangeKind, grantId: string | null, minutes: number, says: Json): Change {
  return {
    id: newId(),
    at: after(request.at, minutes).toISOString(),
    kind,
    actor: { kind: "person", id: request.person.id, name: request.person.name, via: "web" },
    about: { person: request.person.name, role: request.role.slug },
    personId: request.person.id,
    roleId: request.role.id,
    requestId: request.id,
    grantId: kind.startsWith("grant.") ? grantId : null,
    bindingId: null,
    causeId: null,
    why: null,
    before: null,
    after: says,
  };
}

function after(when: Date, minutes: number): Date {
  return new Date(when.getTime() + minutes * 60_000);
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}
