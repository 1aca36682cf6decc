import fc from "fast-check";
import { v7 as newId } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HOST } from "../domain/actor.ts";
import { compareLevels, samePlace, type Entitlement, type Level } from "../domain/entitlement.ts";
import { Refused } from "../domain/refusals.ts";
import { sameSpec, type RoleSpec } from "../domain/role.ts";
import type { Choice } from "../domain/undo.ts";
import { givingNothing, withoutWidening } from "../domain/widening.ts";
import { openDb, type Db } from "../db/client.ts";
import { needsFourEyes } from "../db/four-eyes.ts";
import { fieldsOf } from "../db/publish-version.ts";
import { readRoleVersion } from "../db/read-role-version.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { verifyChain } from "../db/verify-chain.ts";
import { AWS, GITLAB, foundCompany, type Company } from "../queries/testing/company.ts";
import { approveRequest } from "./approve-request.ts";
import { approveWidening } from "./approve-widening.ts";
import { createRole } from "./create-role.ts";
import { publishRole } from "./publish-role.ts";
import { releaseGrant } from "./release-grant.ts";
import { rollBack } from "./roll-back.ts";
import { submitRequest } from "./submit-request.ts";
import { switchFourEyes } from "./switch-four-eyes.ts";

/** Set HISTORIES and SEED to run more, or one printed seed again. Continuous integration says the same thing twice. */
const HISTORIES = Number(process.env.HISTORIES ?? 60);
const SEED = Number(process.env.SEED ?? (process.env.CI ? 20_261_124 : Date.now() % 2 ** 31));

let db: Db;
let company: Company;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await freshDatabase();
  drop = database.drop;
  db = openDb(database.url, { max: 5 });
  company = await foundCompany(db);
  await db.person.updateMany({ where: { username: { in: ["ines", "noor"] } }, data: { isAdmin: true } });
});
afterAll(async () => {
  await db.$disconnect();
  await drop();
});

const lines = fc
  .record({
    gitlab: fc.constantFrom<Level | null>(null, "developer", "maintainer", "owner"),
    aws: fc.boolean(),
    other: fc.constantFrom<Level | null>(null, "guest", "owner"),
  })
  .map(({ gitlab, aws, other }): Entitlement[] => [
    ...(gitlab ? [{ ...GITLAB, level: gitlab }] : []),
    ...(aws ? [AWS] : []),
    ...(other ? [{ ...GITLAB, target: "acme/roles/other", level: other }] : []),
  ]);
const spec = fc.record({
  entitlements: lines.filter((all) => all.length > 0),
  maxMinutes: fc.constantFrom(30, 60, 240),
  approvalsNeeded: fc.constantFrom(1, 1, 1, 2),
  group: fc.constantFrom("acme/payments", "acme/platform"),
  summary: fc.constantFrom("", "a", "b"),
});
const role = fc.nat({ max: 1 });
const pick = fc.nat({ max: 40 });
const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("edit" as const), role, spec }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("grant" as const), role }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("release" as const), pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("undo" as const), pick, restore: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("back" as const), pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("switch" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("approve" as const) }) },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;
type Spec = typeof spec extends fc.Arbitrary<infer T> ? T : never;

/** What is configured, and where the history stood then. */
type State = { readonly seq: number; readonly roles: readonly RoleSpec[]; readonly fourEyes: boolean };

const admin = (username: "ines" | "noor") => ({ ...company.actor(username), isAdmin: true });
const specOf = ({ group, ...rest }: Spec): RoleSpec => ({ ...company.spec(group), ...rest });
const head = () => db.chainHead.findUniqueOrThrow({ where: { id: 1 } });

async function currentSpec(slug: string): Promise<RoleSpec> {
  const { id, currentVersion } = await db.role.findUniqueOrThrow({ where: { slug } });
  const found = await readRoleVersion(db, id, currentVersion);
  if (!found) throw new Error(`${slug} has no version`);
  return fieldsOf(found);
}

async function look(slugs: readonly string[]): Promise<State> {
  const { seq } = await head();
  return { seq: Number(seq), roles: await Promise.all(slugs.map(currentSpec)), fourEyes: await needsFourEyes(db) };
}

async function unlessRefused(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
}

async function approveAll(): Promise<void> {
  for (const { id, proposedById } of await db.widening.findMany({
    where: { state: "PENDING" },
    orderBy: { id: "asc" },
  }))
    await approveWidening(admin(proposedById === company.idOf("ines") ? "noor" : "ines"), { wideningId: id }, { db });
}

async function play(command: Command, slugs: readonly string[], states: readonly State[]): Promise<unknown> {
  const slug = "role" in command ? (slugs[command.role] ?? "") : "";
  const since = (from: number, upTo: number, at: number) => from + (at % Math.max(1, upTo - from + 1));
  const first = states[0]?.seq ?? 0;
  const last = states.at(-1)?.seq ?? 0;
  switch (command.kind) {
    case "edit": {
      const { currentVersion } = await db.role.findUniqueOrThrow({ where: { slug } });
      const input = { slug, spec: specOf(command.spec), reason: "edit", expectedVersion: currentVersion };
      return await publishRole(admin("ines"), input, { db });
    }
    case "grant": {
      const { ownerGroupId } = await currentSpec(slug);
      const isPayments = ownerGroupId === company.spec("acme/payments").ownerGroupId;
      const asked = { roleSlug: slug, minutes: 10, justification: "x" };
      const { id } = await submitRequest(company.actor(isPayments ? "maya" : "lena"), asked, { db });
      return await approveRequest(company.actor(isPayments ? "omar" : "noor"), { requestId: id }, { db });
    }
    case "release": {
      const personId = company.idOf("maya");
      const live = await db.grant.findMany({ where: { personId, state: "ACTIVATING" }, orderBy: { id: "asc" } });
      const grant = live[command.pick % Math.max(1, live.length)];
      return grant ? releaseGrant(company.actor("maya"), { grantId: grant.id }, { db }) : undefined;
    }
    case "undo": {
      const seq = since(first, last, command.pick);
      const choice: Choice = command.restore ? "restore" : "keep";
      const choices = Object.fromEntries(slugs.flatMap((one) => FIELDS.map((field) => [`${one} ${field}`, choice])));
      return await rollBack(admin("ines"), { aim: { kind: "change", seq }, reason: "undo", choices }, { db });
    }
    case "back": {
      const seq = since(first, last, command.pick);
      return await rollBack(admin("ines"), { aim: { kind: "point", seq }, reason: "back" }, { db });
    }
    case "switch":
      return await switchFourEyes(admin("ines"), { needed: !(await needsFourEyes(db)), reason: "x" }, { db });
    case "approve":
      return approveAll();
  }
}

const FIELDS = [
  ...["summary", "ownerGroupId", "requesterGroupId", "approvalsNeeded", "maxMinutes"],
  ...[GITLAB, AWS, { ...GITLAB, target: "acme/roles/other" }].map((at) => `${at.connection} ${at.kind} ${at.target}`),
];

type Held = ReadonlyMap<string, { readonly held: Entitlement | null; readonly role: RoleSpec }>;

/** What live grants want, and what their roles give. */
async function heldNow(slugs: readonly string[]): Promise<Held> {
  const rows = await db.grantBinding.findMany({
    where: { grant: { role: { slug: { in: [...slugs] } }, state: { in: ["SCHEDULED", "ACTIVATING", "ACTIVE"] } } },
    include: { binding: true, grant: { include: { role: true } } },
  });
  const roles = new Map<string, RoleSpec>();
  for (const slug of slugs) roles.set(slug, await currentSpec(slug));
  return new Map(
    rows.flatMap(({ grantId, bindingId, level, grant, binding: { connection, kind, target } }) => {
      const role = roles.get(grant.role.slug);
      const held = level === null ? null : ({ connection, kind, target, level } as Entitlement);
      return role ? [[`${grantId} ${bindingId}`, { held, role }] as const] : [];
    }),
  );
}

/** Live grants hold nothing that they did not hold before, and nothing that their role does not give (rule 9). */
function expectNoneWidened(before: Held, after: Held): void {
  for (const [key, { held, role }] of after) {
    if (held === null) continue;
    const was = before.get(key)?.held;
    expect(was).toBeTruthy();
    if (was) expect(compareLevels(held.kind, held.level, was.level)).toBeLessThanOrEqual(0);
    expect(givesAtLeast(role, held)).toBe(true);
  }
}

function givesAtLeast(role: RoleSpec, { level, ...place }: Entitlement): boolean {
  return role.entitlements.some((line) => samePlace(line, place) && compareLevels(line.kind, line.level, level) >= 0);
}

/** Said once more in other words than the rule itself says it. */
function expectNoMore(now: RoleSpec | undefined, was: RoleSpec): void {
  expect(now?.maxMinutes).toBeLessThanOrEqual(was.maxMinutes);
  expect(now?.approvalsNeeded).toBeGreaterThanOrEqual(was.approvalsNeeded);
  expect(now).toMatchObject({ ownerGroupId: was.ownerGroupId, requesterGroupId: was.requesterGroupId });
  for (const line of now?.entitlements ?? []) expect(givesAtLeast(was, line)).toBe(true);
}

function expectSame(now: RoleSpec | undefined, wanted: RoleSpec): void {
  if (!now || !sameSpec(now, wanted)) expect(now).toEqual(wanted);
}

test(
  `whatever was edited, a rollback gives exactly the state of then, minus what may not come back (${HISTORIES})`,
  { timeout: 10 * 60_000 },
  async () => {
    console.log(`random edits: SEED=${SEED} HISTORIES=${HISTORIES}`);
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(spec, spec),
        fc.array(command, { minLength: 2, maxLength: 10 }),
        fc.nat(),
        async (firsts, commands, at) => {
          const slugs = [`role-${newId()}`, `role-${newId()}`];
          const unborn = Number((await head()).seq);
          const made = firsts.map(specOf);
          for (const [i, slug] of slugs.entries())
            await createRole(HOST, { slug, reason: "made", spec: made[i] ?? specOf(firsts[0]) }, { db });
          const states = [await look(slugs)];
          for (const one of commands) {
            await unlessRefused(() => play(one, slugs, states));
            states.push(await look(slugs));
          }

          // What waits from before is another person's decision, whatever is rolled back.
          await approveAll();
          const now = await look(slugs);
          const then = states[at % states.length] ?? now;
          const target = at % 11 === 0 ? { ...now, seq: unborn, roles: now.roles.map(givingNothing) } : then;
          const [held, kept] = [await heldNow(slugs), await head()];
          const ended = await db.grant.findMany({ where: { state: "REVOKING" }, select: { id: true } });
          await unlessRefused(() =>
            rollBack(admin("ines"), { aim: { kind: "point", seq: target.seq }, reason: "back" }, { db }),
          );

          const back = await look(slugs);
          const careful = now.fourEyes || target.fourEyes;
          for (const [i, old] of target.roles.entries()) {
            const was = now.roles[i] ?? old;
            expectSame(back.roles[i], careful ? withoutWidening(was, old) : old);
            if (careful) expectNoMore(back.roles[i], was);
          }
          if (target.seq !== unborn) expect(back.fourEyes).toBe(careful);
          expectNoneWidened(held, await heldNow(slugs));
          await approveAll();
          const whole = await look(slugs);
          for (const [i, old] of target.roles.entries()) expectSame(whole.roles[i], old);
          expectNoneWidened(held, await heldNow(slugs));
          const still = { id: { in: ended.map(({ id }) => id) }, state: "REVOKING" };
          expect(await db.grant.count({ where: still })).toBe(ended.length);

          // The history only grew: what it said before, it still says.
          const [same] = await db.$queryRaw<[{ count: bigint }]>`
            SELECT count(*) FROM change WHERE seq = ${kept.seq} AND hash = ${kept.hash}`;
          expect(Number(same.count)).toBe(kept.seq === 0n ? 0 : 1);
          expect(whole.seq).toBeGreaterThanOrEqual(Number(kept.seq));
        },
      ),
      { numRuns: HISTORIES, seed: SEED, endOnFailure: process.env.SHRINK === undefined },
    );
    expect((await verifyChain(db)).brokenAt).toBeNull();
  },
);
