import { SMTPServer } from "smtp-server";
import { once } from "node:events";
import { v7 as newId } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startSandbox, type Sandbox } from "../../sandbox/server.ts";
import { openDb, type Db } from "../db/client.ts";
import { databaseNow } from "../db/now.ts";
import { record, type Entry } from "../db/record.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import { HOST, SYSTEM } from "../domain/actor.ts";
import { AWS, foundCompany, type Company, type Username } from "../queries/testing/company.ts";
import { approveRequest } from "../usecases/approve-request.ts";
import { createRole } from "../usecases/create-role.ts";
import { deactivatePerson } from "../usecases/deactivate-person.ts";
import { denyRequest } from "../usecases/deny-request.ts";
import { extendGrant } from "../usecases/extend-grant.ts";
import { releaseGrant } from "../usecases/release-grant.ts";
import { revokeGrant } from "../usecases/revoke-grant.ts";
import { submitRequest } from "../usecases/submit-request.ts";
import { withdrawRequest } from "../usecases/withdraw-request.ts";
import { announceEndings } from "./announce-endings.ts";
import { forgetOldMails } from "./channel.ts";
import { followHistory, passHistory } from "./follow-history.ts";
import { mailServerAt } from "./mail-server.ts";
import { sendMails } from "./send-mails.ts";

const pages = {
  request: (id: string) => `http://localhost:3000/requests/${id}`,
  grant: (id: string) => `http://localhost:3000/grants/${id}`,
  proposal: (id: string) => `http://localhost:3000/widenings/${id}`,
};

let sandbox: Sandbox;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Db;
let company: Company;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, daypassUrl: "http://localhost:3000" });
  database = await freshDatabase();
  db = openDb(database.url, { max: 6 });
  company = await foundCompany(db);
  const { ownerGroupId } = company.spec("acme/payments");
  await db.groupMember.create({ data: { groupId: ownerGroupId, personId: company.idOf("noor"), isOwner: true } });
});
afterAll(async () => {
  await Promise.all([db.$disconnect(), sandbox.close()]);
  await database.drop();
});
/** Nothing waits, nothing is live, everybody is who they were, and what happened was told. */
beforeEach(async () => {
  await fetch(`${sandbox.url}/_reset`, { method: "POST" });
  await db.accessRequest.updateMany({ where: { state: "PENDING" }, data: { state: "WITHDRAWN" } });
  await db.grant.updateMany({ data: { state: "REVOKED" } });
  await db.$executeRaw`
    UPDATE person SET deactivated_at = NULL, name = initcap(username), email = username || '@acme.test'`;
  await passHistory({ db });
  await db.mail.deleteMany();
  await db.$executeRaw`UPDATE clock SET offset_ms = 0`;
});

const sender = () => ({
  server: mailServerAt(`smtp://127.0.0.1:${sandbox.mailPort}`),
  from: "Daypass <daypass@acme.test>",
});
const send = () => sendMails(sender(), { db });

async function round() {
  await followHistory(pages, { db });
  await announceEndings(pages, { db });
  return send();
}

async function fail(...rules: object[]): Promise<void> {
  const body = JSON.stringify(rules.map((rule) => ({ provider: "mail", ...rule })));
  await fetch(`${sandbox.url}/_faults`, { method: "POST", headers: { "content-type": "application/json" }, body });
}
const heal = () => fetch(`${sandbox.url}/_faults`, { method: "DELETE" });

type Arrived = { to: string[]; subject: string; text: string; from: string };
async function inbox(username?: Username): Promise<Arrived[]> {
  const { mail } = (await (await fetch(`${sandbox.url}/_state`)).json()) as { mail: Arrived[] };
  return mail.filter(({ to }) => username === undefined || to.includes(`${username}@acme.test`)).reverse();
}
const subjects = async (username?: Username) => (await inbox(username)).map(({ subject }) => subject);

const wait = (minutes: number) => db.$executeRaw`UPDATE clock SET offset_ms = offset_ms + ${minutes * 60_000}`;
const kept = () => db.mail.findMany({ orderBy: [{ createdAt: "asc" }, { id: "asc" }] });

/** What the worker writes once it saw the access in place. */
async function seenInPlace(grantId: string, minutes: number): Promise<void> {
  await happens(grantId, "grant.active", "ACTIVE", { minutes });
}
async function provedGone(grantId: string, kind: "grant.ended" | "grant.revoked"): Promise<void> {
  await happens(grantId, kind, kind === "grant.ended" ? "ENDED" : "REVOKED");
}
async function happens(grantId: string, kind: Entry["kind"], state: string, { minutes }: { minutes?: number } = {}) {
  await db.$transaction(async (tx) => {
    const now = await databaseNow(tx);
    const times =
      minutes === undefined ? {} : { minutes, activeAt: now, endsAt: new Date(now.getTime() + minutes * 60_000) };
    const grant = await tx.grant.update({ where: { id: grantId }, data: { state, ...times } });
    const ids = { personId: grant.personId, roleId: grant.roleId, requestId: grant.requestId, grantId };
    await record(tx, SYSTEM, now, [{ kind, about: { person: "Maya", role: "payments" }, ...ids, after: { state } }]);
  });
}

async function approve(requestId: string, note = ""): Promise<string> {
  const approved = await approveRequest(company.actor("omar"), { requestId, note }, { db });
  if (approved.state !== "APPROVED") throw new Error("one approval is enough here");
  return approved.grantId;
}

describe("what is told", () => {
  test("a request that waits, to each owner once", async () => {
    const { id } = await company.ask("maya", "payments");
    await round();
    await round();
    expect(await subjects()).toEqual(["Maya asks for payments, 1 h", "Maya asks for payments, 1 h"]);
    const [toOmar] = await inbox("omar");
    expect(toOmar?.text).toContain("> maya asks");
    expect(toOmar?.text).toContain("GitLab: add maya to acme/roles/payments-maintainer as Maintainer");
    expect(toOmar?.text).toContain(pages.request(id));
    expect(await inbox("noor")).toHaveLength(1);
  });

  test("nothing of a request that was withdrawn before its mail was sent", async () => {
    const { id } = await company.ask("maya", "payments");
    await followHistory(pages, { db });
    await withdrawRequest(company.actor("maya"), { requestId: id }, { db });
    await round();
    expect(await inbox()).toEqual([]);
    expect((await kept()).map(({ outcome }) => outcome)).toEqual(["pointless", "pointless"]);
  });

  test("approved and in place a moment later, in one mail", async () => {
    const { id } = await company.ask("maya", "payments");
    const grantId = await approve(id, "Mind the queue");
    await round();
    await seenInPlace(grantId, 60);
    await round();
    await wait(2);
    await round();
    expect(await subjects("maya")).toEqual([expect.stringMatching(/^You have payments until \d\d:\d\d UTC$/)]);
    expect((await inbox("maya"))[0]?.text).toContain("Omar wrote:\n> Mind the queue");
  });

  test("approved on its own when the access takes its time", async () => {
    const { id } = await company.ask("maya", "payments");
    const grantId = await approve(id);
    await round();
    expect(await inbox("maya")).toEqual([]);
    await wait(2);
    await round();
    await seenInPlace(grantId, 60);
    await round();
    expect(await subjects("maya")).toEqual(["Approved: payments, 1 h", expect.stringMatching(/^You have/)]);
  });

  test("a denial, with the note", async () => {
    const { id } = await company.ask("maya", "payments");
    await denyRequest(company.actor("noor"), { requestId: id, note: "Not today" }, { db });
    await round();
    expect(await subjects()).toEqual(["Denied: payments"]);
    expect((await inbox("maya"))[0]?.text).toContain("Noor wrote:\n> Not today");
  });

  test("an end that is near, once", async () => {
    const grantId = await approve((await company.ask("maya", "payments")).id);
    await seenInPlace(grantId, 60);
    await wait(49);
    await round();
    const near = async () => (await subjects("maya")).filter((subject) => subject.includes("ends in"));
    expect(await near()).toEqual([]);
    await wait(2);
    await round();
    await round();
    expect(await near()).toEqual([expect.stringMatching(/^payments ends in 9 min, at \d\d:\d\d UTC$/)]);
  });

  test("of access that is extended, neither an end that is near nor one that is proved", async () => {
    const grantId = await approve((await company.ask("maya", "payments")).id);
    await seenInPlace(grantId, 60);
    await round();
    const more = { grantId, minutes: 30, justification: "Not done yet" };
    const { id } = await extendGrant(company.actor("maya"), more, { db });
    await round();
    expect((await subjects("omar")).at(-1)).toBe("Maya asks to extend payments, 30 min");
    const nextId = await approve(id);
    await wait(55);
    await round();
    await wait(5);
    await seenInPlace(nextId, 30);
    await provedGone(grantId, "grant.ended");
    await round();
    expect(await subjects("maya")).toEqual([
      expect.stringMatching(/^You have payments until/),
      "Approved: payments, 30 min",
      expect.stringMatching(/^You have payments until/),
    ]);
  });

  test("no end that is near to who asked for less than half an hour", async () => {
    const grantId = await approve((await company.ask("maya", "payments")).id);
    await seenInPlace(grantId, 29);
    await wait(25);
    await announceEndings(pages, { db });
    expect(await db.mail.count({ where: { kind: "ending-soon" } })).toBe(0);
  });

  test("the end, once it is proved", async () => {
    const grantId = await approve((await company.ask("maya", "payments")).id);
    await seenInPlace(grantId, 60);
    await round();
    await provedGone(grantId, "grant.ended");
    await round();
    await round();
    expect((await subjects("maya")).at(-1)).toBe("payments is gone");
    expect((await inbox("maya")).at(-1)?.text).toMatch(/proved gone at \d\d:\d\d:\d\d UTC/);
  });

  test("taken back and gone a moment later, in one mail with why", async () => {
    const grantId = await approve((await company.ask("maya", "payments")).id);
    await seenInPlace(grantId, 60);
    await round();
    await revokeGrant(company.actor("omar"), { grantId, reason: "Incident is over" }, { db });
    await round();
    await provedGone(grantId, "grant.revoked");
    await wait(2);
    await round();
    expect((await subjects("maya")).slice(1)).toEqual(["payments is gone"]);
    expect((await inbox("maya")).at(-1)?.text).toContain("Omar took it back early.\n\nWhy:\n> Incident is over");
  });

  test("taken back on its own while the removal takes its time", async () => {
    const grantId = await approve((await company.ask("maya", "payments")).id);
    await seenInPlace(grantId, 60);
    await round();
    await revokeGrant(company.actor("omar"), { grantId, reason: "Incident is over" }, { db });
    await round();
    await wait(2);
    await round();
    expect((await subjects("maya")).slice(1)).toEqual(["Omar took payments back"]);
  });

  test("a version that gives less, with why and what is left", async () => {
    const spec = company.spec("acme/payments");
    await createRole(HOST, { slug: "ledger", reason: "first", spec }, { db });
    const grantId = await approve((await company.ask("maya", "ledger")).id);
    await seenInPlace(grantId, 60);
    await round();
    await company.publish({ ...spec, entitlements: [AWS] }, "GitLab is not needed", "ledger");
    await round();
    const last = (await inbox("maya")).at(-1);
    expect(last?.subject).toBe("ledger gives you less now");
    expect(last?.text).toContain("Why:\n> GitLab is not needed");
    expect(last?.text).toMatch(/What you have until [^\n]*:\n- Member of AWS IAM group payments\n\n/);
  });

  test("nothing to who gave it back themselves", async () => {
    const grantId = await approve((await company.ask("maya", "payments")).id);
    await seenInPlace(grantId, 60);
    await round();
    await releaseGrant(company.actor("maya"), { grantId }, { db });
    await provedGone(grantId, "grant.revoked");
    await wait(2);
    await round();
    expect(await inbox("maya")).toHaveLength(1);
  });

  test("nothing to people who are deactivated, nor to an address that is none", async () => {
    await company.ask("maya", "payments");
    await followHistory(pages, { db });
    await deactivatePerson(company.actor("ines"), { personId: company.idOf("omar"), reason: "Left" }, { db });
    await db.person.update({
      where: { id: company.idOf("noor") },
      data: { email: "noor@acme.test>\r\nRCPT TO:<everybody@acme.test" },
    });
    await round();
    expect(await inbox()).toEqual([]);
    expect((await kept()).map(({ outcome }) => outcome)).toEqual(["pointless", "pointless"]);
  });

  test("a removal by hand, once to the holder and to each owner, however many grants had the place", async () => {
    const { grantId } = await company.grant("maya", "payments", "omar");
    const other = await company.grant("maya", "payments", "omar");
    await round();
    const before = (await inbox()).length;
    const binding = await db.binding.findFirstOrThrow({
      where: { grants: { some: { grantId } }, connection: "gitlab" },
    });
    await db.$transaction(async (tx) =>
      record(tx, SYSTEM, await databaseNow(tx), [
        ...[grantId, other.grantId].map((id) => ({
          kind: "binding.drifted" as const,
          about: { person: "Maya", drift: "removed-by-hand" },
          personId: binding.personId,
          bindingId: binding.id,
          grantId: id,
        })),
      ]),
    );
    await round();
    await round();
    expect((await subjects()).slice(before).sort()).toEqual([
      "Maya’s access to acme/roles/payments-maintainer was removed by hand",
      "Maya’s access to acme/roles/payments-maintainer was removed by hand",
      "Your access to acme/roles/payments-maintainer was removed by hand",
    ]);
  });

  test("nothing that happened while mail was off", async () => {
    await company.ask("maya", "payments");
    await passHistory({ db });
    await round();
    expect(await inbox()).toEqual([]);
  });
});

describe("hostile words", () => {
  test("a name and a justification that speak SMTP reach the owners as words, and nobody else", async () => {
    const name = "Maya\r\nBcc: everybody@acme.test\r\nContent-Type: text/html";
    await db.person.update({ where: { id: company.idOf("maya") }, data: { name } });
    const justification = "Please\r\n.\r\nMAIL FROM:<x@evil.test>\r\n<script>alert(1)</script>\r\n\r\nApproved.";
    await submitRequest(
      { ...company.actor("maya"), name },
      { roleSlug: "payments", minutes: 30, justification },
      { db },
    );
    await round();
    const arrived = await inbox();
    expect(arrived.map(({ to }) => to).sort()).toEqual([["noor@acme.test"], ["omar@acme.test"]]);
    expect(arrived[0]?.subject).toMatch(/^Maya Bcc: everybody@acme\.test Content-Type: text\/html asks for payments/);
    expect(arrived[0]?.text).toContain(
      "> Please\n> .\n> MAIL FROM:<x@evil.test>\n> <script>alert(1)</script>\n>\n> Approved.",
    );
    const raw = await (await fetch(`${sandbox.url}/mail/${(await newestNumber()) ?? 0}`)).text();
    expect(raw).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(raw).not.toContain("<script");
  });

  async function newestNumber(): Promise<number | undefined> {
    const { mail } = (await (await fetch(`${sandbox.url}/_state`)).json()) as { mail: { n: number }[] };
    return mail[0]?.n;
  }
});

describe("a mail server in trouble", () => {
  const owedToOwners = async () => {
    await company.ask("maya", "payments");
    await followHistory(pages, { db });
  };

  test("that is away loses nothing: the mail is sent when it returns", async () => {
    await owedToOwners();
    await fail({ kind: "down" });
    expect(await send()).toEqual({ sent: 0, away: expect.any(String) });
    expect(await db.notifyChannel.findFirstOrThrow()).toMatchObject({ lastError: expect.any(String) });
    await wait(10);
    await send();
    await heal();
    await wait(10);
    await round();
    expect(await inbox()).toHaveLength(2);
    expect(await db.notifyChannel.findFirstOrThrow()).toMatchObject({ downSince: null, lastError: null });
  });

  test("that nobody listens for is away too", async () => {
    await owedToOwners();
    const nobody = { ...sender(), server: { ...sender().server, port: 1 } };
    expect((await sendMails(nobody, { db })).away).toContain("ECONNREFUSED");
    expect(await db.mail.count({ where: { dueAt: null } })).toBe(0);
  });

  test("that refuses one recipient stops only that mail", async () => {
    await owedToOwners();
    await fail({ kind: "status", status: 550, match: { method: "RCPT", path: "^omar@" } });
    await round();
    await wait(10);
    await round();
    expect(await subjects("noor")).toHaveLength(1);
    expect(await inbox("omar")).toEqual([]);
    const refused = await db.mail.findMany({ where: { personId: company.idOf("omar") } });
    expect(refused).toMatchObject([{ outcome: "refused", tries: 1, lastError: expect.stringContaining("550") }]);
  });

  test.each([
    ["RCPT", 451],
    ["DATA", 452],
  ])("that says 4xx to %s is asked again later", async (method, status) => {
    await owedToOwners();
    await fail({ kind: "status", status, match: { method, path: "^omar@" }, times: 1 });
    await round();
    expect([await inbox("omar"), (await inbox("noor")).length]).toEqual([[], 1]);
    await round();
    expect(await inbox("omar")).toEqual([]);
    await wait(1);
    await round();
    expect(await inbox()).toHaveLength(2);
  });

  test("that says 5xx to the text refuses that mail for good", async () => {
    await owedToOwners();
    await fail({ kind: "status", status: 554, match: { method: "DATA", path: "^omar@" }, times: 1 });
    await round();
    await wait(30);
    await round();
    expect((await inbox()).map(({ to }) => to)).toEqual([["noor@acme.test"]]);
  });

  test("whose answer is lost gets the mail once more, and not a third time", async () => {
    await owedToOwners();
    await fail({ kind: "lost-after", match: { method: "DATA", path: "^omar@" } });
    for (let n = 0; n < 6; n += 1) {
      await round();
      await wait(20);
    }
    expect(await inbox("omar")).toHaveLength(2);
    expect(await inbox("noor")).toHaveLength(1);
    expect(await db.mail.findFirst({ where: { personId: company.idOf("omar") } })).toMatchObject({ outcome: "unsure" });
  });

  test("whose line breaks before the mail is taken gets it again", async () => {
    await owedToOwners();
    await fail({ kind: "lost-before", match: { method: "RCPT" }, times: 3 });
    for (let n = 0; n < 6; n += 1) {
      await round();
      await wait(20);
    }
    expect((await inbox()).map(({ to }) => to).sort()).toEqual([["noor@acme.test"], ["omar@acme.test"]]);
  });

  test("news that came too late is not sent", async () => {
    const grantId = await approve((await company.ask("maya", "payments")).id);
    await seenInPlace(grantId, 60);
    await fail({ kind: "down" });
    await round();
    await heal();
    await wait(90);
    await send();
    expect(await inbox()).toEqual([]);
  });

  test("without the encryption that we need takes neither password nor mail", async () => {
    const abroad = { ...mailServerAt(`smtp://daypass:hunter2@127.0.0.1:${sandbox.mailPort}`), isLoopback: false };
    await owedToOwners();
    const { away } = await sendMails({ ...sender(), server: abroad }, { db });
    expect(away).toMatch(/TLS/);
    expect(JSON.stringify([await kept(), await db.notifyChannel.findFirst()], plain)).not.toContain("hunter2");
    expect(await inbox()).toEqual([]);
  });

  test("with a certificate that nobody vouches for is not trusted", async () => {
    const impostor = new SMTPServer({ secure: true, authOptional: true });
    impostor.on("error", () => undefined);
    const listening = impostor.listen(0, "127.0.0.1");
    await once(listening, "listening");
    const { port } = listening.address() as { port: number };
    await company.ask("maya", "payments");
    await followHistory(pages, { db });
    const { away } = await sendMails({ ...sender(), server: mailServerAt(`smtps://127.0.0.1:${port}`) }, { db });
    expect(away).toMatch(/certificate/);
    await new Promise<void>((resolve) => impostor.close(resolve));
  });
});

describe("several workers", () => {
  test("owe and send each mail once", async () => {
    await company.ask("maya", "payments");
    await company.ask("omar", "payments");
    await Promise.all([1, 2, 3].map(() => followHistory(pages, { db })));
    await Promise.all([1, 2, 3].map(send));
    expect(await subjects("omar")).toEqual(["Maya asks for payments, 1 h"]);
    expect((await subjects("noor")).sort()).toEqual(["Maya asks for payments, 1 h", "Omar asks for payments, 1 h"]);
  });

  test("miss nothing that is committed while they read", async () => {
    const slugs = Array.from({ length: 24 }, (_, n) => `crowd-${n}`);
    const spec = company.spec("acme/payments");
    for (const slug of slugs) await createRole(HOST, { slug, reason: "first", spec }, { db });
    let isOver = false;
    const read = async () => {
      while (!isOver) await followHistory(pages, { db });
      await followHistory(pages, { db });
    };
    const asked = Promise.all(slugs.map((slug) => company.ask("maya", slug))).finally(() => (isOver = true));
    await Promise.all([asked, read(), read()]);
    const owed = await db.mail.findMany({ where: { personId: company.idOf("omar") }, orderBy: { subject: "asc" } });
    expect(owed.map(({ subject }) => subject)).toEqual(slugs.map((slug) => `Maya asks for ${slug}, 1 h`).sort());
  });

  test("leave a mail to the one that sends it, and repeat it once when that one died", async () => {
    await company.ask("maya", "payments");
    await followHistory(pages, { db });
    await db.$executeRaw`UPDATE mail SET leased_until = clock_timestamp() + interval '1 minute'`;
    await send();
    expect(await inbox()).toEqual([]);
    await db.$executeRaw`UPDATE mail SET leased_until = clock_timestamp() - interval '1 second'`;
    await send();
    expect(await inbox()).toHaveLength(2);
    await db.$executeRaw`UPDATE mail SET due_at = daypass_now(), leased_until = clock_timestamp() - interval '1 second'`;
    await send();
    expect(await inbox()).toHaveLength(2);
  });
});

test("mails are forgotten after a month, those that are owed never", async () => {
  await company.ask("maya", "payments");
  await round();
  await db.mail.create({
    data: {
      id: newId(),
      fact: "owed",
      personId: company.idOf("omar"),
      kind: "waits",
      subject: "",
      text: "",
      createdAt: new Date(0),
      usefulUntil: new Date("2099-01-01"),
      dueAt: new Date("2098-01-01"),
    },
  });
  await wait(31 * 24 * 60);
  await forgetOldMails({ db });
  expect((await kept()).map(({ fact }) => fact)).toEqual(["owed"]);
});

function plain(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
