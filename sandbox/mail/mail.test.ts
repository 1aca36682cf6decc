import { createTransport } from "nodemailer";
import { once } from "node:events";
import { createServer } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startSandbox } from "../server.ts";
import { openSandbox, type OpenSandbox } from "../testing/sandbox-client.ts";

let sandbox: OpenSandbox;
beforeAll(async () => void (sandbox = await openSandbox()));
afterAll(() => sandbox.close());
beforeEach(() => sandbox.send("POST", "/_reset"));

const HOSTILE = `<img src=x onerror=alert(1)> & "quotes" http://localhost:3000/requests/1?x=<b> http://evil.test/`;

function post(message: object = {}) {
  const transport = createTransport({ host: "127.0.0.1", port: sandbox.mailPort, ignoreTLS: true });
  return transport.sendMail({
    from: "daypass@acme.test",
    to: "omar@acme.test",
    subject: "Héllo",
    text: "Hi",
    ...message,
  });
}

test("what arrives is in the state and in the inbox, newest first", async () => {
  await post({ subject: "First" });
  await post({ subject: "Second", to: ["omar@acme.test", "noor@acme.test"] });
  const { mail } = await sandbox.state();
  expect(mail).toMatchObject([
    { subject: "Second", to: ["omar@acme.test", "noor@acme.test"], from: "daypass@acme.test", text: "Hi\n" },
    { subject: "First", to: ["omar@acme.test"], at: "2026-03-10T12:00:00.000Z" },
  ]);
  const { body } = await sandbox.send("GET", "/mail");
  expect(body.indexOf("Second")).toBeLessThan(body.indexOf("First"));
  expect((await sandbox.send("GET", "/mail?to=noor%40acme.test")).body).not.toContain("First");
});

test("nothing in a mail is markup, and only addresses of Daypass become links", async () => {
  await post({ subject: "<script>alert(1)</script>", text: HOSTILE, html: "<p>never shown</p>" });
  const [{ n }] = (await sandbox.state()).mail;
  const { body, headers } = await sandbox.send("GET", `/mail/${n}`);
  expect(body).not.toMatch(/<script|<img|<b>|never shown/);
  expect(body).toContain("&lt;img src=x onerror=alert(1)&gt; &amp; &quot;quotes&quot;");
  expect(body.match(/href="http[^"]*"/g)).toEqual(['href="http://localhost:3000/requests/1"']);
  expect(body).toContain("which is not shown");
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  expect((await sandbox.send("GET", "/mail")).body).not.toContain("<script");
});

test("a reset empties the inbox, and an old link shows nothing", async () => {
  await post();
  const [{ n }] = (await sandbox.state()).mail;
  await sandbox.send("POST", "/_reset");
  expect((await sandbox.state()).mail).toEqual([]);
  expect((await sandbox.send("GET", `/mail/${n}`)).status).toBe(404);
  expect((await sandbox.send("GET", "/mail")).body).toContain("No mail yet");
  await post();
  expect((await sandbox.state()).mail[0].n).toBe(n + 1);
});

test.each([
  ["CONNECT", 554],
  ["RCPT", 451],
  ["DATA", 550],
])("it can be told to refuse at %s", async (method, status) => {
  await sandbox.send("POST", "/_faults", [{ provider: "mail", kind: "status", status, match: { method }, times: 1 }]);
  await expect(post()).rejects.toThrow(String(status));
  await post();
  expect((await sandbox.state()).mail).toHaveLength(1);
});

test.each([
  ["down", "CONNECT", 0],
  ["lost-before", "DATA", 0],
  ["lost-after", "DATA", 1],
])("%s gives no reply and leaves %j %i messages", async (kind, method, left) => {
  await sandbox.send("POST", "/_faults", [{ provider: "mail", kind, match: { method }, times: 1 }]);
  await expect(post()).rejects.toThrow();
  expect((await sandbox.state()).mail).toHaveLength(left);
});

test("a mail that is too large is refused", async () => {
  await expect(post({ text: "x".repeat(1_100_000) })).rejects.toThrow(/552|size/i);
  expect((await sandbox.state()).mail).toEqual([]);
});

test("a mail port in use leaves nothing running", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as { port: number };
  const start = () => startSandbox({ port: 0, mailPort: port, daypassUrl: "http://localhost:3000" });
  await expect(start()).rejects.toMatchObject({ code: "EADDRINUSE", port });
  taken.close();
});
