import { v7 as newId } from "uuid";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { append } from "../db/record.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import type { Change, ChangeKind } from "../domain/change.ts";
import { fitsSelection, type SelectionFilter } from "../domain/selection.ts";
import { fittingChanges } from "./fitting-changes.ts";
import { toEntry, type HistoryRow } from "./history-seen-by.ts";

const [MAYA, OMAR, LENA] = [newId(), newId(), newId()];
const ROLES = [newId(), newId()];
const KINDS: readonly ChangeKind[] = [
  "request.submitted",
  "request.denied",
  "grant.ended",
  "binding.applied",
  "role.published",
];
const PLACES = [
  { kind: "gitlab-group", target: "acme/payments", connection: "gitlab" },
  { kind: "aws-iam-group", target: "payments", connection: "aws" },
];

let db: Db;
let drop: () => Promise<void>;
let entries: (Change & { seq: number })[];

/** Every combination in turn, over the end of one stretch of the index. */
function changeOf(n: number): Change {
  const kind = at(KINDS, n);
  const place = at(PLACES, n);
  const person = at([MAYA, LENA, null], n >> 1);
  return {
    id: newId(),
    at: new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString(),
    kind,
    actor: { kind: "person", id: at([OMAR, MAYA, null], n >> 2), name: "Omar Ünal", via: "web" },
    about: kind === "binding.applied" ? { person: "Maya", ...place } : { person: "Maya", role: `role-${n % 2}` },
    personId: person,
    roleId: at([...ROLES, null], n),
    requestId: null,
    grantId: null,
    bindingId: null,
    causeId: null,
    why: n % 7 === 0 ? "Die Größe stimmt nicht; see OPS-1234/5" : null,
    before: null,
    after: kind === "role.published" ? { entitlements: [{ ...place, level: "developer" }], maxMinutes: n } : null,
  };
}

function at<T>(items: readonly T[], n: number): T {
  return items[n % items.length]!;
}

async function found(filter: SelectionFilter, span: object = {}): Promise<number[]> {
  const fitting = await fittingChanges(filter, { db });
  const rows = await db.$queryRaw<{ seq: bigint }[]>`${fitting({ order: "newest", ...span })}`;
  return rows.map(({ seq }) => Number(seq)).sort((a, b) => b - a);
}

beforeAll(async () => {
  const database = await freshDatabase();
  drop = () => database.drop();
  db = openDb(database.url, { max: 3 });
  await db.$executeRaw`UPDATE chain_head SET seq = 4000`;
  await append(
    db,
    Array.from({ length: 200 }, (_, n) => changeOf(n)),
  );
  const rows = await db.$queryRaw<HistoryRow[]>`
    SELECT seq, encode(hash, 'hex') AS hash, body FROM change ORDER BY seq DESC`;
  entries = rows.map(toEntry);
});
afterAll(async () => {
  await db.$disconnect();
  await drop();
});

const ONE_EACH: readonly SelectionFilter[] = [
  ...KINDS.slice(1, 4).map((kind) => ({ kind })),
  ...(["denied", "gone", "failed"] as const).map((outcome) => ({ outcome })),
  ...(["gitlab", "aws"] as const).map((provider) => ({ provider })),
  ...["acme/payments", "nowhere"].map((target) => ({ target })),
  ...[MAYA, LENA, OMAR].flatMap((id) => [{ personId: id }, { actorId: id }, { seenBy: id }]),
  { roleId: ROLES[0]! },
];

const isSeen = (change: Change, id: string | undefined) =>
  id === undefined || change.personId === id || change.actor.id === id;

describe("every pair of filters finds what a look at each entry finds", () => {
  test.each(ONE_EACH.map((filter, n) => [JSON.stringify(filter), filter, n] as const))(
    "%s",
    async (_name, filter, n) => {
      for (const other of ONE_EACH.slice(n)) {
        const both: SelectionFilter = { ...filter, ...other };
        const expected = entries
          .filter((entry) => fitsSelection(entry, { of: "history", filter: both }) && isSeen(entry, both.seenBy))
          .map(({ seq }) => seq);
        expect(await found(both, { limit: 500 }), JSON.stringify(both)).toEqual(expected);
        const within = expected.filter((seq) => seq >= 4050 && seq <= 4150);
        const oldest = { order: "oldest", from: 4050n, to: 4150n, limit: 3 };
        expect(await found(both, oldest), JSON.stringify(both)).toEqual(within.slice(-3));
      }
    },
  );
});

describe("words", () => {
  const finds = async (words: string) => (await found({ words })).length;
  const said = (fits: (entry: Change) => boolean) => entries.filter(fits).length;

  test("of the reason, of names, of places and of what happened, however they are parted and whatever their case", async () => {
    const reasons = said(({ why }) => why !== null);
    for (const words of [
      "größe",
      "GRÖSSE stimmt".replace("SS", "ß"),
      "ops-1234",
      "1234 ops",
      "OPS-1234/5",
      "nicht see",
    ])
      expect(await finds(words), words).toBe(reasons);
    expect(await finds("Ünal")).toBe(entries.length);
    expect(await finds("acme/payments")).toBe(await finds("payments acme"));
    expect(await finds("acme")).toBe((await found({ target: "acme/payments" })).length);
    expect(await finds("denied")).toBe(said(({ kind }) => kind === "request.denied"));
  });
  test("the last from how it begins, when that is three signs or more", async () => {
    for (const words of ["stim", "größe stim", "OPS-12"])
      expect(await finds(words), words).toBe(words === "OPS-12" ? 0 : said(({ why }) => why !== null));
    expect(await finds("OPS-123")).toBe(said(({ why }) => why !== null));
    for (const words of ["stim größe", "stim "]) expect(await finds(words), words).toBe(0);
    expect(await finds("ie")).toBe(0);
    expect(await finds("tim")).toBe(0);
  });
  test("all of them must be said", async () => {
    expect(await finds("größe nowhere")).toBe(0);
    expect(await finds("größe denied")).toBe(said(({ why, kind }) => why !== null && kind === "request.denied"));
  });
  test("ids, keys and signs are no words", async () => {
    for (const words of [MAYA, "person:", "=kind:request", "' | 'a", "!!!", "a & !b", "\\", "'; DROP TABLE change; --"])
      expect(await finds(words), words).toBe(0);
    expect(await found({ target: "x' | '=kind:request.denied" })).toEqual([]);
  });
  test("the oldest and the newest are found alike, and those before a page", async () => {
    const all = await found({ words: "ünal" });
    expect(all).toHaveLength(200);
    expect(await found({ words: "ünal" }, { to: 4097n, limit: 3 })).toEqual([4097, 4096, 4095]);
  });
});

test("a word that never ends is kept and found by how it begins", async () => {
  const endless = { ...changeOf(1), id: newId(), why: `${"a".repeat(5_000)} ${"ö".repeat(900)} finale` };
  await append(db, [endless]);
  expect(await found({ words: "finale" })).toHaveLength(1);
  expect(await found({ words: "ö".repeat(120) })).toHaveLength(1);
});

test("when what an entry says is replaced, the search follows it", async () => {
  await append(db, [{ ...changeOf(3), id: newId(), why: "sekundenschlaf" }]);
  const [seq] = await found({ words: "sekundenschlaf" });
  await db.$executeRaw`ALTER TABLE change DISABLE TRIGGER only_redacted`;
  await db.$executeRaw`UPDATE change SET body = replace(body, 'sekundenschlaf', 'ausgeruht') WHERE seq = ${seq}`;
  await db.$executeRaw`ALTER TABLE change ENABLE ALWAYS TRIGGER only_redacted`;
  expect(await found({ words: "sekundenschlaf" })).toEqual([]);
  expect(await found({ words: "ausgeruht" })).toEqual([seq]);
});

test("an owner of many roles is shown those of each, and no other", async () => {
  const groupId = newId();
  await db.group.create({ data: { id: groupId, connection: "gitlab", path: "acme/many", name: "many" } });
  const person = { id: OMAR, issuer: "test", subject: "omar", email: "", name: "Omar", username: "omar" };
  await db.person.create({ data: person });
  await db.groupMember.create({ data: { groupId, personId: OMAR, isOwner: true } });
  const owned = [ROLES[0]!, ...Array.from({ length: 25 }, () => newId())];
  for (const [n, id] of owned.entries()) {
    await db.role.create({ data: { id, slug: `r${n}`, currentVersion: 1, createdAt: new Date() } });
    const limits = { approvalsNeeded: 1, maxMinutes: 1, decideWithinMinutes: 1, reason: "", publishedAt: new Date() };
    const version = {
      id: newId(),
      roleId: id,
      version: 1,
      name: "",
      summary: "",
      ownerGroupId: groupId,
      requesterGroupId: groupId,
    };
    await db.roleVersion.create({ data: { ...version, ...limits } });
  }
  const expected = entries.filter(
    (entry) => entry.kind === "request.denied" && (isSeen(entry, OMAR) || entry.roleId === ROLES[0]),
  );
  expect(await found({ words: "denied", seenBy: OMAR }, { to: 4200n })).toEqual(expected.map(({ seq }) => seq));
});
