import fc from "fast-check";
import { v7 as newId } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { HOST, SYSTEM } from "../domain/actor.ts";
import { canonicalJson, type StoredChange } from "../domain/change.ts";
import { openSigningKey } from "../proof/checkpoint.ts";
import { committedText } from "../proof/committed.ts";
import { redactHistory } from "../worker/redact-history.ts";
import { announceKey, signCheckpoints } from "../worker/sign-checkpoints.ts";
import { openDb, type Db } from "./client.ts";
import { databaseNow } from "./now.ts";
import { record, type Entry } from "./record.ts";
import { freshDatabase } from "./testing/fresh-database.ts";
import { verifyChain } from "./verify-chain.ts";

const COUNT = 24;
const SIGNED_AT = 13;
/** The entry that announces the redaction of everything before it. */
const REDACTING = 9;
const KEY = openSigningKey(Buffer.alloc(32, 7).toString("base64"));

let db: Db;
let drop: () => Promise<void>;

// As the database's superuser with every trigger off: nothing but the chain itself is left to find what was done.
beforeAll(async () => {
  const database = await freshDatabase();
  drop = () => database.drop();
  db = openDb(database.url, { max: 2 });
  await announceKey(db, KEY);
  await append(REDACTING - 2);
  await db.$executeRaw`UPDATE clock SET offset_ms = 31 * 24 * 3600000::bigint`;
  await db.$executeRaw`UPDATE retention SET days = 30`;
  await redactHistory(db);
  await append(SIGNED_AT - REDACTING);
  await signCheckpoints(db, KEY);
  await append(COUNT - SIGNED_AT);
  await db.$executeRaw`ALTER TABLE change DISABLE TRIGGER USER`;
  // The search's index keeps nothing that is no JSON; whoever has the database can do without it.
  await db.$executeRaw`DROP INDEX change_words_idx`;
  await db.$executeRaw`ALTER TABLE checkpoint DISABLE TRIGGER USER`;
  await db.$executeRaw`CREATE TABLE kept AS SELECT * FROM change`;
  await db.$executeRaw`CREATE TABLE kept_checkpoint AS SELECT * FROM checkpoint`;
  await db.$executeRaw`CREATE TABLE kept_head AS SELECT * FROM chain_head`;
});
beforeEach(restore);
afterAll(async () => {
  await db.$disconnect();
  await drop();
});

async function restore(): Promise<void> {
  await db.$executeRaw`DELETE FROM change`;
  await db.$executeRaw`INSERT INTO change SELECT * FROM kept`;
  await db.$executeRaw`DELETE FROM checkpoint`;
  await db.$executeRaw`INSERT INTO checkpoint SELECT * FROM kept_checkpoint`;
  await db.$executeRaw`UPDATE chain_head SET (seq, hash) = (SELECT seq, hash FROM kept_head)`;
}

async function append(count: number): Promise<void> {
  await db.$transaction(async (tx) => {
    const now = await databaseNow(tx);
    const [personId, roleId, requestId, grantId, bindingId, causeId] = Array.from({ length: 6 }, () => newId());
    const entries = Array.from({ length: count }, (_, i): Entry => {
      const about = { group: `acme/größe “${i}” \u{1f511}`, person: `Zoë “${i}”` };
      const full = { personId, roleId, requestId, grantId, bindingId, causeId, why: `"why" \\ ${i}` } as Partial<Entry>;
      return { kind: "group.missing", about, after: { n: i / 3 }, ...(i % 2 === 0 ? full : {}) };
    });
    await record(tx, count % 2 === 0 ? SYSTEM : HOST, now, entries);
  });
}

const brokenAt = async () => (await verifyChain(db)).brokenAt;

/** How each column is changed by as little as it can be, at a place that `at` chooses. */
const FLIPS: Readonly<Record<string, (at: number, flip: number) => string>> = {
  ...Object.fromEntries(
    ["kind", "actor_kind", "actor_name", "via", "why", "body"].map((column) => [
      column,
      (at: number) => flipText(column, at),
    ]),
  ),
  ...Object.fromEntries(
    ["content_hash", "prev_hash", "hash"].map((column) => [
      column,
      (at: number, flip: number) =>
        `set_byte(${column}, ${at % 32}, get_byte(${column}, ${at % 32}) # ${(flip % 255) + 1})`,
    ]),
  ),
  ...Object.fromEntries(
    ["redacted_by", "id", "actor_id", "person_id", "role_id", "request_id", "grant_id", "binding_id", "cause_id"].map(
      (column) => [
        column,
        () => `CASE WHEN ${column} IS NULL THEN gen_random_uuid() ELSE NULLIF(gen_random_uuid(), ${column}) END`,
      ],
    ),
  ),
  at: (at, flip) => `at + ${at % 2 === 0 ? "" : "-"}${(flip % 1_000) + 1} * interval '1 millisecond'`,
};

/** One character becomes its neighbour; nothing becomes something. */
function flipText(column: string, at: number): string {
  const place = `(${at} % greatest(length(${column}), 1) + 1)`;
  const neighbour = `chr(CASE WHEN ascii(substr(${column}, ${place}, 1)) IN (0, 1) THEN 65 ELSE ascii(substr(${column}, ${place}, 1)) # 1 END)`;
  return `COALESCE(overlay(${column} placing ${neighbour} from ${place} for 1), 'x')`;
}

test("any column of any entry that is changed by as little as a byte is found, and the entry is named", async () => {
  const anything = fc.record({
    seq: fc.integer({ min: 1, max: COUNT }),
    column: fc.constantFrom(...Object.keys(FLIPS)),
    at: fc.nat(2_000),
    flip: fc.nat(10_000),
  });
  await fc.assert(
    fc.asyncProperty(anything, async ({ seq, column, at, flip }) => {
      await restore();
      await db.$executeRawUnsafe(`UPDATE change SET ${column} = ${FLIPS[column]!(at, flip)} WHERE seq = ${seq}`);
      expect(await brokenAt()).toBe(seq);
    }),
    // An announcement that is no JSON any more.
    { numRuns: 300, examples: [[{ seq: 9, column: "body", at: 0, flip: 0 }]] },
  );
});

test("entries that are deleted, put in, or put in another order are found", async () => {
  const place = fc.integer({ min: 1, max: COUNT });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom("delete", "insert", "swap", "move"), place, place, async (what, one, other) => {
      fc.pre(what === "delete" || what === "insert" || one !== other);
      await restore();
      const [low, high] = [Math.min(one, other), Math.max(one, other)];
      if (what === "delete") await db.$executeRaw`DELETE FROM change WHERE seq = ${one}`;
      if (what === "insert") await insertCopy(one, other);
      if (what === "swap") await renumber((seq) => (seq === one ? other : seq === other ? one : seq));
      if (what === "move") await renumber((seq) => (seq === low ? high : seq > low && seq <= high ? seq - 1 : seq));
      const first = what === "delete" ? one : what === "insert" ? other : low;
      expect(await brokenAt()).toBe(first);
    }),
    { numRuns: 60 },
  );
});

/** Makes room at `at` and puts a copy of `from` there, with an id of its own; its end moves the head along. */
async function insertCopy(from: number, at: number): Promise<void> {
  await renumber((seq) => (seq >= at ? seq + 1 : seq));
  await db.$executeRaw`
    INSERT INTO change (seq, id, at, kind, actor_kind, actor_name, via, body, content_hash, prev_hash, hash)
    SELECT ${at}, gen_random_uuid(), at, kind, actor_kind, actor_name, via, body, content_hash, prev_hash, hash
    FROM kept WHERE seq = ${from}`;
  await db.$executeRaw`UPDATE chain_head SET seq = seq + 1`;
}

async function renumber(to: (seq: number) => number): Promise<void> {
  const rows = await db.$queryRaw<{ seq: bigint }[]>`SELECT seq FROM change`;
  await db.$executeRaw`UPDATE change SET seq = -seq`;
  for (const { seq } of rows) await db.$executeRaw`UPDATE change SET seq = ${to(Number(seq))} WHERE seq = ${-seq}`;
}

describe("beyond the chain's end and before its beginning", () => {
  test.each([COUNT + 1, COUNT + 100, 0, -1])("an entry with the number %i is found", async (seq) => {
    await db.$executeRaw`
      INSERT INTO change (seq, id, at, kind, actor_kind, actor_name, via, body, content_hash, prev_hash, hash)
      SELECT ${seq}, gen_random_uuid(), at, kind, actor_kind, actor_name, via, body, content_hash, prev_hash, hash
      FROM kept WHERE seq = 3`;
    expect(await brokenAt()).toBe(COUNT + 1);
  });
});

describe("what is redacted", () => {
  const bodyAt = async (seq: number) => (await db.change.findUniqueOrThrow({ where: { seq } })).body;
  const put = (seq: number, body: string) => db.$executeRaw`UPDATE change SET body = ${body} WHERE seq = ${seq}`;

  test("an untouched history with redacted entries is whole", async () => {
    expect(await db.change.count({ where: { redactedBy: { not: null } } })).toBe(REDACTING - 2);
    expect(await brokenAt()).toBeNull();
  });
  test("a commitment that was changed is found, and a value that was put back with any salt is", async () => {
    const redacted = await bodyAt(5);
    const change = JSON.parse(redacted) as StoredChange;
    const [path = "", commitment = ""] = Object.entries(change.commitments ?? {})[0] ?? [];
    await put(
      5,
      redacted.replace(
        commitment,
        commitment.replace(/^./, (digit) => (digit === "0" ? "1" : "0")),
      ),
    );
    expect(await brokenAt()).toBe(5);
    await restore();
    const { commitments: _gone, ...rest } = change;
    const salted = {
      ...rest,
      about: { ...rest.about, person: "Zoë “3”" },
      personal: { paths: [path], salt: "0".repeat(32) },
    };
    await put(5, canonicalJson(salted));
    expect(await brokenAt()).toBe(5);
  });
  test("a changed value, salt, path or order of paths is found where nothing is redacted", async () => {
    const body = await bodyAt(12);
    const { salt, paths } = (JSON.parse(body) as StoredChange).personal!;
    const reversed = JSON.stringify([...paths].reverse());
    const lies = [
      body.replace("Zoë", "Zoe"),
      body.replace(
        salt,
        salt.replace(/^./, (digit) => (digit === "0" ? "1" : "0")),
      ),
      body.replace(salt, salt.toUpperCase()),
      body.replace(JSON.stringify(paths), reversed),
      body.replace(JSON.stringify(paths), JSON.stringify([...paths, "/why"])),
      body.replace('"personal":{"', '"personal":{"a":1,"'),
    ];
    expect(paths.length).toBeGreaterThan(1);
    for (const lie of lies.filter((text) => text !== body)) {
      await put(12, lie);
      expect(await brokenAt()).toBe(12);
    }
  });
  test("names that were taken out of an entry that no run covers are found, although every hash fits", async () => {
    const body = await bodyAt(15);
    await put(15, committedText(body, JSON.parse(body) as StoredChange)!);
    await db.$executeRaw`UPDATE change SET actor_name = CASE WHEN actor_kind <> 'person' THEN actor_name END, why = NULL,
      redacted_by = (SELECT id FROM change WHERE seq = ${REDACTING}) WHERE seq = 15`;
    expect(await brokenAt()).toBe(15);
  });
});

describe("what is signed", () => {
  test("a chain that was made anew from one entry on, every hash right, is found at the checkpoint", async () => {
    await db.$executeRaw`UPDATE change SET body = replace(body, 'größe', 'kleine') WHERE seq = 5`;
    await remakeFrom(5);
    expect(await brokenAt()).toBe(SIGNED_AT);
  });
  test("entries cut off before the last checkpoint are found, even when the head is moved back with them", async () => {
    await db.$executeRaw`DELETE FROM change WHERE seq >= ${SIGNED_AT}`;
    await db.$executeRaw`UPDATE chain_head SET (seq, hash) = (SELECT seq, hash FROM change WHERE seq = ${SIGNED_AT - 1})`;
    expect(await brokenAt()).toBe(SIGNED_AT);
  });
  test.each(["hash", "signature"])("a flipped byte in the %s of a checkpoint is found", async (column) => {
    await db.$executeRawUnsafe(`UPDATE checkpoint SET ${column} = set_byte(${column}, 9, get_byte(${column}, 9) # 1)`);
    expect(await brokenAt()).toBe(SIGNED_AT);
  });
  test("a checkpoint that says another time or another one before it is found", async () => {
    await db.$executeRaw`UPDATE checkpoint SET at = at + interval '1 millisecond'`;
    expect(await brokenAt()).toBe(SIGNED_AT);
    await restore();
    await db.$executeRaw`UPDATE checkpoint SET previous = 2`;
    expect(await brokenAt()).toBe(SIGNED_AT);
  });
});

test("a body that is not canonical is found, although every hash fits it", async () => {
  await db.$executeRaw`UPDATE change SET body = replace(body, '{"about"', '{ "about"') WHERE seq = ${COUNT}`;
  await remakeFrom(COUNT);
  expect(await brokenAt()).toBe(COUNT);
});

/** What somebody with the database in their hands would do to hide a lie. */
async function remakeFrom(seq: number): Promise<void> {
  for (let at = seq; at <= COUNT; at += 1) {
    const { body } = await db.change.findUniqueOrThrow({ where: { seq: at } });
    const committed = committedText(body, JSON.parse(body) as StoredChange) ?? body;
    await db.$executeRaw`
      UPDATE change c SET content_hash = sha256(convert_to(${committed}, 'UTF8')), prev_hash = p.hash,
        hash = sha256(p.hash || int8send(c.seq) || sha256(convert_to(${committed}, 'UTF8')))
      FROM change p WHERE c.seq = ${at} AND p.seq = c.seq - 1`;
  }
  await db.$executeRaw`UPDATE chain_head SET hash = (SELECT hash FROM change WHERE seq = ${COUNT})`;
}
