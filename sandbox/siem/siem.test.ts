import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openSandbox, type OpenSandbox } from "../testing/sandbox-client.ts";

let sandbox: OpenSandbox;
beforeAll(async () => void (sandbox = await openSandbox()));
afterAll(() => sandbox.close());
beforeEach(() => sandbox.send("POST", "/_reset"));

const event = (sequence: number, message = "") => ({ message, type_name: "x", metadata: { sequence } });
const frame = (body: object) => {
  const message = `<110>1 2026-03-10T12:00:00.000Z localhost daypass - grant.active - ${JSON.stringify(body)}`;
  return `${Buffer.byteLength(message)} ${message}`;
};
const AUTHORIZED = { authorization: "Bearer sandbox-siem-token" };
const post = (body: unknown, headers: Record<string, string> = AUTHORIZED) =>
  sandbox.send("POST", "/siem/events", body, headers);
const kept = async () => (await sandbox.send("GET", "/_siem")).body;

/** Whether the other side ended it in order. */
async function speak(...parts: string[]): Promise<boolean> {
  const socket: Socket = connect(sandbox.syslogPort ?? 0, "127.0.0.1");
  let isOrderly = false;
  socket.on("end", () => (isOrderly = true)).on("error", () => undefined);
  socket.resume();
  for (const part of parts) socket.write(part);
  socket.end();
  await new Promise((resolve) => socket.on("close", resolve));
  return isOrderly;
}

test("what is missing between the numbers, and what came twice, is told", async () => {
  await post([event(4), event(5)]);
  await post([event(5), event(8)]);
  expect(await kept()).toMatchObject({ received: 4, repeated: 1, missing: ["6-7"], first: 4, last: 8 });
  const { siem } = await sandbox.state();
  expect(siem).toEqual({ received: 4, repeated: 1, missing: ["6-7"], first: 4, last: 8 });
});

test.each([
  [401, [event(1)], {}],
  [401, [event(1)], { authorization: "Bearer other" }],
  [400, { not: "a list" }, AUTHORIZED],
  [400, [1], AUTHORIZED],
  [400, [], AUTHORIZED],
  [413, [event(1, "x".repeat(2_000_001))], AUTHORIZED],
])("%i takes nothing", async (status, body, headers) => {
  expect((await post(body, headers as Record<string, string>)).status).toBe(status);
  expect((await kept()).received).toBe(0);
});

test("it can be told to fail, before or after it took a batch", async () => {
  const fault = (kind: object) => sandbox.send("POST", "/_faults", [{ provider: "siem", times: 1, ...kind }]);
  await fault({ kind: "status", status: 429, retryAfter: 7 });
  expect((await post([event(1)])).headers.get("retry-after")).toBe("7");
  await fault({ kind: "lost-after" });
  await expect(post([event(1)])).rejects.toThrow();
  expect((await kept()).received).toBe(1);
});

test("messages are told apart by their length, however they arrive", async () => {
  const text = frame(event(1)) + frame(event(2, "ünï"));
  expect(await speak(...text.match(/.{1,7}/gsu)!)).toBe(true);
  const { events, received } = await kept();
  expect(received).toBe(2);
  expect(events[1]).toMatchObject({ via: "syslog", event: { message: "ünï" } });
});

test.each([
  ["no length", "<110>1 x"],
  ["another format", "5 hello"],
  ["a cut-off end", frame(event(1)).slice(0, -3)],
])("%s ends the connection without a goodbye", async (_, text) => {
  expect(await speak(text)).toBe(false);
  expect((await kept()).received).toBe(0);
});

test("the line can be cut in the middle of a batch", async () => {
  const match = { method: "MESSAGE", path: "^2$" };
  await sandbox.send("POST", "/_faults", [{ provider: "siem", kind: "lost-before", match, times: 1 }]);
  expect(await speak(frame(event(1)), frame(event(2)), frame(event(3)))).toBe(false);
  expect((await kept()).received).toBe(1);
});

test("nothing that was forwarded is markup", async () => {
  await post([event(1, "<script>alert(1)</script>")]);
  const { body, headers } = await sandbox.send("GET", "/siem");
  expect(body).toContain("&lt;script&gt;");
  expect(body).not.toContain("<script");
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
});
