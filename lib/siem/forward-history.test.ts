import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openSandbox, type OpenSandbox } from "../../sandbox/testing/sandbox-client.ts";
import { openDb, type Db } from "../db/client.ts";
import { databaseNow } from "../db/now.ts";
import { record } from "../db/record.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { SYSTEM } from "../domain/actor.ts";
import { openSigningKey } from "../proof/checkpoint.ts";
import { announceKey, signCheckpoints } from "../worker/sign-checkpoints.ts";
import { forwardHistory } from "./forward-history.ts";
import { httpsReceiver } from "./https-receiver.ts";
import type { Receiver } from "./receiver.ts";
import { receiverAt } from "./receiver-at.ts";
import { closeStream, noteAnswer, openStream, takeBatch } from "./stream.ts";

const NEVER = new AbortController().signal;

let sandbox: OpenSandbox;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Db;

beforeAll(async () => {
  sandbox = await openSandbox();
  database = await freshDatabase();
  db = openDb(database.url, { max: 6 });
});
afterAll(async () => {
  await Promise.all([db.$disconnect(), sandbox.close()]);
  await database.drop();
});
/** Everything so far was forwarded. */
beforeEach(async () => {
  await sandbox.send("POST", "/_reset");
  await db.$executeRaw`UPDATE clock SET offset_ms = 0`;
  await db.$executeRaw`UPDATE siem_stream s SET seq = head.seq, checkpoint_seq = head.seq, leased_until = NULL,
    address = NULL, due_at = NULL, tries = 0, refusals = 0, down_since = NULL FROM chain_head head`;
});

const overHttp = (token = "sandbox-siem-token") =>
  receiverAt(`${sandbox.url}/siem/events`, token, { hostname: "daypass.test" });
const overSyslog = () => receiverAt(`syslog+tcp://127.0.0.1:${sandbox.syslogPort}`, null, { hostname: "daypass.test" });
const forward = (receiver: Receiver = overHttp()) => forwardHistory(receiver, { db });
const fail = (...rules: object[]) =>
  sandbox.send(
    "POST",
    "/_faults",
    rules.map((rule) => ({ provider: "siem", ...rule })),
  );
const stream = () => db.siemStream.findUniqueOrThrow({ where: { id: 1 } });
const wait = (seconds: number) => db.$executeRaw`UPDATE clock SET offset_ms = offset_ms + ${seconds * 1_000}`;

async function happen(times: number): Promise<void> {
  await db.$transaction(async (tx) => {
    const now = await databaseNow(tx);
    const entries = Array.from({ length: times }, (_, i) => ({
      kind: "group.missing" as const,
      about: { group: `g${i}` },
    }));
    await record(tx, SYSTEM, now, entries);
  });
}

type Kept = { received: number; repeated: number; missing: string[]; events: { event: any }[] };
const kept = async () => (await sandbox.send("GET", "/_siem")).body as Kept;
const sequences = async () => (await kept()).events.flatMap(({ event }) => event.metadata.sequence ?? []) as number[];
const head = async () => Number((await db.chainHead.findUniqueOrThrow({ where: { id: 1 } })).seq);

describe.each([
  ["HTTP", overHttp],
  ["syslog", overSyslog],
])("over %s", (_, receiver) => {
  test("every entry arrives once and in order, across batches", async () => {
    const before = await head();
    await happen(450);
    await forward(receiver());
    const expected = Array.from({ length: 450 }, (_, i) => before + 1 + i);
    expect(await sequences()).toEqual(expected);
    expect(await stream()).toMatchObject({ seq: BigInt(before + 450), downSince: null, tries: 0 });
    await forward(receiver());
    expect((await kept()).received).toBe(450);
  });

  test("a receiver that is away takes nothing, and everything when it is back", async () => {
    await happen(3);
    await fail({ kind: "down", times: 1, match: { method: receiver === overHttp ? "POST" : "CONNECT" } });
    await expect(forward(receiver())).rejects.toThrow(/were not taken \(later\)/);
    expect(await stream()).toMatchObject({ tries: 1, downSince: expect.any(Date) });
    await wait(1);
    await forward(receiver());
    expect(await kept()).toMatchObject({ received: 3, repeated: 0, missing: [] });
    expect(await stream()).toMatchObject({ tries: 0, downSince: null });
  });

  test("a batch that was sent by a worker which died before it could note that is sent again, and never lost", async () => {
    await happen(3);
    const batch = (await takeBatch({ db }))!;
    expect(await receiver().send(batch.events, NEVER)).toMatchObject({ kind: "taken" });
    // The dead worker's lease is over.
    await db.siemStream.updateMany({ data: { leasedUntil: new Date(0) } });
    await forward(receiver());
    expect(await kept()).toMatchObject({ received: 6, repeated: 3, missing: [] });
  });
});

test("a line that is cut in the middle of a batch makes repetitions and no gap", async () => {
  await happen(5);
  await fail({ kind: "lost-before", times: 1, match: { method: "MESSAGE", path: "^3$" } });
  await expect(forward(overSyslog())).rejects.toThrow(/were not taken \(later\)/);
  await wait(1);
  await forward(overSyslog());
  expect(await kept()).toMatchObject({ received: 7, repeated: 2, missing: [] });
});

test("an answer that is lost after the receiver took the batch makes it arrive twice", async () => {
  await happen(2);
  await fail({ kind: "lost-after", times: 1 });
  await expect(forward()).rejects.toThrow();
  await wait(1);
  await forward();
  expect(await kept()).toMatchObject({ received: 4, repeated: 2, missing: [] });
});

test("who asks to be left alone for two minutes is", async () => {
  await happen(1);
  await fail({ kind: "status", status: 429, retryAfter: 120, times: 1 });
  await expect(forward()).rejects.toThrow(/429 Too Many Requests/);
  await wait(115);
  await forward();
  expect((await kept()).received).toBe(0);
  await wait(6);
  await forward();
  expect((await kept()).received).toBe(1);
});

test("pauses grow to a minute and no further", async () => {
  await happen(1);
  await fail({ kind: "status", status: 500 });
  const pauses: number[] = [];
  for (let i = 0; i < 9; i += 1) {
    await expect(forward()).rejects.toThrow(/500/);
    const [{ seconds }] = await db.$queryRaw<[{ seconds: number }]>`
      SELECT extract(epoch FROM due_at - daypass_now())::float8 AS seconds FROM siem_stream`;
    pauses.push(seconds);
    await wait(61);
  }
  expect(pauses[0]).toBeLessThanOrEqual(1);
  expect(pauses[8]).toBeGreaterThan(28);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(60);
});

test("an entry that is refused stops what comes after it, is named, and goes when it is taken", async () => {
  const before = await head();
  await happen(6);
  const poison = before + 4;
  const choosy: Receiver = {
    address: "",
    send: (batch, signal) =>
      batch.some(({ json }) => JSON.parse(json).metadata.sequence === poison)
        ? Promise.resolve({ kind: "refused", words: "400 Bad Request: not this one" })
        : overHttp().send(batch, signal),
  };
  for (let i = 0; i < 12; i += 1) {
    await forward(choosy).catch(() => undefined);
    await wait(61);
  }
  expect(await sequences()).toEqual([before + 1, before + 2, before + 3]);
  expect(await stream()).toMatchObject({ seq: BigInt(poison - 1), lastAnswer: "400 Bad Request: not this one" });
  await expect(forward(choosy)).rejects.toThrow(`Entries from ${poison} on were not taken (refused)`);
  await wait(61);
  await forward();
  expect(await kept()).toMatchObject({ received: 6, repeated: 0, missing: [] });
});

test("two workers never send at the same time, and one that was taken over moves nothing", async () => {
  await happen(2);
  const slow = (await takeBatch({ db }))!;
  await forward();
  expect((await kept()).received).toBe(0);
  await db.siemStream.updateMany({ data: { leasedUntil: new Date(0) } });
  await forward();
  await happen(1);
  await noteAnswer(slow, { kind: "later", words: "late news", afterMs: null }, { db });
  await noteAnswer(slow, { kind: "taken", words: "late news" }, { db });
  expect(await stream()).toMatchObject({ lastAnswer: "200 OK", tries: 0 });
  await forward();
  expect(await kept()).toMatchObject({ received: 3, repeated: 0, missing: [] });
});

test("eight rounds at once send everything once", async () => {
  await happen(300);
  await Promise.all(Array.from({ length: 8 }, () => forward()));
  await forward();
  expect(await kept()).toMatchObject({ received: 300, repeated: 0, missing: [] });
});

test("a worker that is stopped while it sends leaves no alarm and no lease", async () => {
  await happen(1);
  const stopping = new AbortController();
  const hanging: Receiver = {
    address: "",
    send: (batch, signal) => {
      stopping.abort();
      return httpsReceiver(new URL(`${sandbox.url}/siem/events`), null).send(batch, signal);
    },
  };
  await forwardHistory(hanging, { db, signal: stopping.signal });
  expect(await stream()).toMatchObject({ leasedUntil: null, downSince: null, tries: 0 });
});

test("checkpoints follow what they sign", async () => {
  const key = openSigningKey(Buffer.alloc(32, 7).toString("base64"));
  await announceKey(db, key);
  await happen(1);
  await signCheckpoints(db, key);
  await forward();
  const { events } = await kept();
  expect(events.at(-1)?.event.entity).toMatchObject({ type: "checkpoint", data: { seq: await head(), key: key.id } });
  const { received } = await kept();
  await signCheckpoints(db, key);
  await forward();
  expect((await kept()).received).toBe(received);
});

test("off and on again misses nothing, and another address is tried at once", async () => {
  await openStream("https://one.test", { db });
  await happen(1);
  await fail({ kind: "status", status: 503, retryAfter: 600, times: 1 });
  await expect(forward()).rejects.toThrow(/503/);
  await closeStream({ db });
  expect(await stream()).toMatchObject({ address: null });
  await happen(1);
  await openStream("https://two.test", { db });
  await forward();
  expect(await kept()).toMatchObject({ received: 2, missing: [] });
});
