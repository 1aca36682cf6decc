import { createAdaptorServer } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Provider } from "oidc-provider";
import { awsApp } from "./aws/app.ts";
import { controlRoutes } from "./control.ts";
import { gate, type SandboxEnv } from "./gate.ts";
import { gitlabApp } from "./gitlab/app.ts";
import { createProvider } from "./idp/provider.ts";
import { signInRoutes } from "./idp/sign-in.ts";
import { landingPage } from "./landing.ts";
import { mailRoutes } from "./mail/pages.ts";
import { startMailServer } from "./mail/smtp.ts";
import { siemIntake } from "./siem/http.ts";
import { siemRoutes } from "./siem/pages.ts";
import { startSyslogServer } from "./siem/syslog.ts";
import { createStaleReads } from "./stale-reads.ts";
import { createWorld, type World } from "./world.ts";

export type SandboxOptions = {
  /** 0 takes a free one. */
  readonly port: number;
  /** Of the SMTP server; left out, a free one. */
  readonly mailPort?: number;
  /** Of the SIEM's syslog, which is not there without it; 0 takes a free one. */
  readonly syslogPort?: number;
  readonly host?: string;
  /** Where Daypass is, for the redirect address of the sign-in. */
  readonly daypassUrl: string;
  /** Stands in for real time, in milliseconds. */
  readonly now?: () => number;
};

export type Sandbox = {
  readonly url: string;
  readonly port: number;
  readonly mailPort: number;
  readonly syslogPort: number | null;
  close(): Promise<void>;
};

/** Starts the sandbox and gives back where it listens. Rejects with the error of `listen` when a port is taken. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port, mailPort = 0, syslogPort, host = "127.0.0.1", daypassUrl, now } = options;
  const world = createWorld(now);
  const app = new Hono<SandboxEnv>();
  const server = createAdaptorServer({ fetch: app.fetch });
  server.listen(port, host);
  await once(server, "listening");
  const beside = await startBeside(world, { mailPort, syslogPort, host }).catch((error: unknown) => {
    server.close();
    throw error;
  });

  // The issuer carries the port, which is known only now.
  const address = server.address();
  const taken = typeof address === "object" && address !== null ? address.port : port;
  const url = `http://localhost:${taken}`;
  mount(app, world, createProvider(world, `${url}/idp`, redirectUris(daypassUrl)), daypassUrl);

  return {
    url,
    port: taken,
    mailPort: beside.mailPort,
    syslogPort: beside.syslogPort,
    async close() {
      await beside.close();
      const closed = once(server, "close");
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
    },
  };
}

type Beside = { readonly mailPort: number; readonly syslogPort: number | undefined; readonly host: string };

/** What does not speak HTTP. */
async function startBeside(world: World, { mailPort, syslogPort, host }: Beside) {
  const mail = await startMailServer(world, { port: mailPort, host });
  if (syslogPort === undefined) return { mailPort: mail.port, syslogPort: null, close: () => mail.close() };
  const syslog = await startSyslogServer(world, { port: syslogPort, host }).catch(async (error: unknown) => {
    await mail.close();
    throw error;
  });
  const close = async () => {
    await mail.close();
    await syslog.close();
  };
  return { mailPort: mail.port, syslogPort: syslog.port, close };
}

function mount(app: Hono<SandboxEnv>, world: World, provider: Provider, daypassUrl: string): void {
  const stale = createStaleReads(world);
  const gitlab = gitlabApp(world);
  const aws = awsApp(world);

  app.get("/", (call) => call.html(landingPage(world, daypassUrl)));
  app.route("/", controlRoutes(world));
  app.route("/", mailRoutes(world, daypassUrl));
  app.route("/", siemRoutes(world));
  app.route("/", siemIntake(world));

  app.use("/gitlab/*", gate(world, "gitlab"));
  app.all("/gitlab/*", (call) => {
    const seenBy = stale.worldFor(call.get("seen"), call.get("struck"));
    return (seenBy === world ? gitlab : gitlabApp(seenBy)).fetch(call.req.raw);
  });

  app.use("/aws/*", gate(world, "aws"));
  app.all("/aws/*", async (call) => {
    const seenBy = stale.worldFor(call.get("seen"), call.get("struck"));
    return (seenBy === world ? aws : awsApp(seenBy)).fetch(await withoutPrefix(call.req, "/aws"));
  });

  app.route("/", signInRoutes(world, provider));
  app.use("/idp/*", gate(world, "idp"));
  app.all("/idp/*", async (call) => {
    const { incoming, outgoing } = call.env;
    await provider.callback()(mountedAt(incoming, "/idp"), outgoing);
    return RESPONSE_ALREADY_SENT;
  });
}

/** The same call for an app that knows nothing of the prefix. The gate has read the body already. */
async function withoutPrefix(request: SandboxRequest, prefix: string): Promise<Request> {
  const url = new URL(request.url);
  url.pathname = url.pathname.slice(prefix.length) || "/";
  const { method, headers } = request.raw;
  const body = method === "GET" || method === "HEAD" ? null : await request.text();
  return new Request(url, { method, headers, body });
}

type SandboxRequest = { readonly url: string; readonly raw: Request; text(): Promise<string> };

/** Tells oidc-provider where it is mounted, the way Express and Connect do. */
function mountedAt(incoming: IncomingMessage, prefix: string): IncomingMessage {
  const originalUrl = incoming.url ?? "/";
  return Object.assign(incoming, { originalUrl, url: originalUrl.slice(prefix.length) || "/" });
}

/** Daypass may be opened as localhost or as 127.0.0.1. */
function redirectUris(daypassUrl: string): string[] {
  const url = new URL("/api/auth/callback/oidc", daypassUrl);
  const given = url.href;
  url.hostname = url.hostname === "localhost" ? "127.0.0.1" : "localhost";
  const isLocal = ["localhost", "127.0.0.1"].includes(new URL(daypassUrl).hostname);
  return isLocal ? [given, url.href] : [given];
}
