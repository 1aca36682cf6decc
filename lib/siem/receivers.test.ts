import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTcpServer, type Server } from "node:net";
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates } from "node:tls";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { httpsReceiver, retryAfterMs } from "./https-receiver.ts";
import type { Outgoing } from "./receiver.ts";
import { receiverAt } from "./receiver-at.ts";
import { syslogFrame } from "./syslog-message.ts";
import { syslogReceiver } from "./syslog-receiver.ts";
import { CERTIFICATE, KEY } from "./testing/certificate.ts";

const event = (json: string): Outgoing => ({
  json,
  at: new Date("2026-11-24T10:00:00.123Z"),
  severity: 3,
  name: "grant.active",
});
const BATCH = [event(`{"a":1}`), event(`{"b":"ü\u2028"}`)];
const NEVER = new AbortController().signal;
const TOKEN = "s3cret-t0ken";

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as { port: number }).port;
}
const serve = async (listener: RequestListener) =>
  new URL(`http://127.0.0.1:${await listening(createServer(listener))}/in?key=path-secret`);

describe("over HTTPS", () => {
  test("a batch is one JSON array with the bearer token, and the address shown is bare", async () => {
    const seen: unknown[] = [];
    const url = await serve((request, response) => {
      void text(request).then((body) => {
        seen.push(request.method, request.url, request.headers.authorization, JSON.parse(body));
        response.writeHead(204).end();
      });
    });
    const receiver = httpsReceiver(url, TOKEN);
    expect(await receiver.send(BATCH, NEVER)).toEqual({ kind: "taken", words: "204 No Content" });
    expect(seen).toEqual(["POST", "/in?key=path-secret", `Bearer ${TOKEN}`, [{ a: 1 }, { b: "ü\u2028" }]]);
    expect(receiver.address).toBe(url.origin);
    await httpsReceiver(url, null).send(BATCH, NEVER);
    expect(seen[6]).toBeUndefined();
  });

  test.each([
    [200, "taken"],
    [202, "taken"],
    [301, "refused"],
    [307, "refused"],
    [400, "refused"],
    [401, "refused"],
    [404, "refused"],
    [408, "later"],
    [413, "refused"],
    [425, "later"],
    [429, "later"],
    [500, "later"],
    [503, "later"],
  ])("%i is %s", async (status, kind) => {
    const url = await serve((_, response) => response.writeHead(status).end());
    expect(await httpsReceiver(url, null).send(BATCH, NEVER)).toMatchObject({ kind });
  });

  test("a redirect is followed nowhere, not even to this machine", async () => {
    let visits = 0;
    const inside = await serve((_, response) => {
      visits += 1;
      response.end();
    });
    const url = await serve((_, response) => response.writeHead(308, { location: inside.href }).end());
    expect(await httpsReceiver(url, TOKEN).send(BATCH, NEVER)).toEqual({
      kind: "refused",
      words: "308 Permanent Redirect: a redirect is not followed",
    });
    expect(visits).toBe(0);
  });

  test("what it says is told in one line, without the token that it says back", async () => {
    const url = await serve((request, response) => {
      response.writeHead(403).end(`no\r\n\u0000way: ${String(request.headers.authorization)}`);
    });
    const answer = await httpsReceiver(url, TOKEN).send(BATCH, NEVER);
    expect(answer.words).toBe("403 Forbidden: no way: Bearer …");
  });

  test("nor the part of the address that may be one", async () => {
    const url = await serve(
      (request, response) => void response.writeHead(404).end(`Cannot POST ${request.url ?? ""}`),
    );
    url.pathname = "/v1/0a1b2c3d4e5f";
    expect((await httpsReceiver(url, null).send(BATCH, NEVER)).words).toBe("404 Not Found: Cannot POST /v1/…?key=…");
  });

  test("an answer without end is not read to its end", async () => {
    const url = await serve((_, response) => {
      response.writeHead(500);
      const more = () => {
        while (response.write("x".repeat(10_000)));
      };
      response.on("drain", more);
      more();
    });
    const answer = await httpsReceiver(url, null).send(BATCH, NEVER);
    expect(answer.words.length).toBeLessThanOrEqual(350);
  });

  test.each([
    ["does not answer", () => undefined, "It did not answer in time"],
    [
      "hangs up",
      (request: { socket: { destroy(): void } }) => request.socket.destroy(),
      /other side closed|ECONNRESET/,
    ],
  ])("one that %s is tried later", async (_, listener, words) => {
    const url = await serve(listener);
    const answer = await httpsReceiver(url, null, { answerWithinMs: 200 }).send(BATCH, NEVER);
    expect(answer).toEqual({ kind: "later", words: expect.stringMatching(words), afterMs: null });
  });

  test("one that is not there is tried later", async () => {
    const port = await listening(createTcpServer());
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const answer = await httpsReceiver(new URL(`http://127.0.0.1:${port}`), null).send(BATCH, NEVER);
    expect(answer).toMatchObject({ kind: "later", words: expect.stringContaining("ECONNREFUSED") });
  });

  test("Retry-After is seconds or a date", () => {
    const now = Date.parse("2026-11-24T10:00:00Z");
    expect(retryAfterMs("120", now)).toBe(120_000);
    expect(retryAfterMs("Tue, 24 Nov 2026 10:01:00 GMT", now)).toBe(60_000);
    expect(retryAfterMs("Tue, 24 Nov 2026 09:00:00 GMT", now)).toBe(0);
    for (const text of [null, "soon", "-5", "1e99"]) expect(retryAfterMs(text, now)).toBeNull();
  });
});

describe("over syslog", () => {
  test("a message is RFC 5424 in ASCII, counted in octets", () => {
    const frame = syslogFrame(event(`{"b":"ü"}`), "daypass.test");
    const message = String.raw`<108>1 2026-11-24T10:00:00.123Z daypass.test daypass - grant.active - {"b":"\u00fc"}`;
    expect(frame).toBe(`${message.length} ${message}`);
    expect(JSON.parse(frame.slice(frame.indexOf("{")))).toEqual({ b: "ü" });
  });

  test("a host name and a kind cannot add to the header", () => {
    const frame = syslogFrame({ ...event("{}"), name: "a b\r\n<0>" }, "host with spaces\n");
    expect(frame).toContain(" hostwithspaces daypass - ab<0> - {}");
  });

  async function answerFrom(server: Server, address = "syslog+tcp://127.0.0.1") {
    const port = await listening(server);
    return receiverAt(`${address}:${port}`, null, { hostname: "daypass.test" }).send(BATCH, NEVER);
  }

  test("read to the end is taken", async () => {
    let got = "";
    const answer = await answerFrom(
      createTcpServer(
        { allowHalfOpen: true },
        (socket) => void text(socket).then((all) => socket.end(void (got = all))),
      ),
    );
    expect(answer.kind).toBe("taken");
    expect(got).toBe(BATCH.map((each) => syslogFrame(each, "daypass.test")).join(""));
  });

  test("cut off is not, nor one that goes before it has heard us", async () => {
    const reset = createTcpServer((socket) => socket.once("data", () => socket.resetAndDestroy()));
    expect((await answerFrom(reset)).kind).toBe("later");
  });

  test("one that never ends its side is tried later", async () => {
    const port = await listening(createTcpServer({ allowHalfOpen: true }, (socket) => socket.resume()));
    const server = { address: "", host: "127.0.0.1", port, isTls: false };
    const answer = await syslogReceiver(server, "x", { answerWithinMs: 100 }).send(BATCH, NEVER);
    expect(answer).toEqual({ kind: "later", words: "It did not read everything in time", afterMs: null });
  });

  test("TLS is for who is known, under the name that was asked for", async () => {
    const tls = () =>
      createTlsServer({ cert: CERTIFICATE, key: KEY }, (socket) => void text(socket).then(() => socket.end()));
    expect(await answerFrom(tls(), "syslog+tls://localhost")).toMatchObject({ kind: "later", words: /self-signed/ });
    const before = getCACertificates("default");
    setDefaultCACertificates([CERTIFICATE]);
    try {
      expect(await answerFrom(tls(), "syslog+tls://localhost")).toMatchObject({ kind: "taken" });
      expect(await answerFrom(tls(), "syslog+tls://127.0.0.1")).toMatchObject({ kind: "later" });
    } finally {
      setDefaultCACertificates(before);
    }
  });
});
