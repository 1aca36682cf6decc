import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { openDb, type Db } from "../lib/db/client.ts";
import { daypassUp } from "../scripts/daypass-up.ts";
import { launchBrowser } from "./browser.ts";

/** A whole Daypass with its real processes, a database to move its clock, and a browser. */
export type Stage = {
  readonly url: string;
  readonly sandboxUrl: string;
  readonly databaseUrl: string;
  readonly db: Db;
  readonly browser: Browser;
  /** Moves both clocks. Nobody sleeps. */
  wait(minutes: number): Promise<void>;
  sandboxState(): Promise<SandboxState>;
  sandbox(path: string, body: unknown, method?: string): Promise<void>;
  workerPid(): number;
  close(): Promise<void>;
};

export type SandboxState = {
  gitlab: {
    groups: Record<string, { members: { username: string; access_level: number; expires_at: string | null }[] }>;
  };
  aws: { groups: Record<string, string[]> };
  mail: { n: number; to: string[]; subject: string; text: string }[];
};

/** How long something may take that a person would wait for. A busy machine is no failure. */
const PATIENCE_MS = 30_000;

export async function openStage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "daypass-e2e-"));
  // Run by root, PostgreSQL's own user must reach it, or the data would go to a place that outlives the run.
  await chmod(folder, 0o711);
  const source = {
    PORT: String(await freePort()),
    SANDBOX_PORT: String(await freePort()),
    SANDBOX_MAIL_PORT: String(await freePort()),
    DAYPASS_DATA: folder,
    LOG_LEVEL: "warn",
  };
  const running = await daypassUp(source, { log: () => undefined });
  const db = openDb(running.databaseUrl, { max: 3 });
  const browser = await launchBrowser();
  const sandboxUrl = running.sandboxUrl ?? "";
  const sandbox = async (path: string, body: unknown, method = "POST") => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${sandboxUrl}${path}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  };
  return {
    url: running.url,
    sandboxUrl,
    databaseUrl: running.databaseUrl,
    db,
    browser,
    sandbox,
    async wait(minutes) {
      await sandbox("/_clock", { advanceMs: minutes * 60_000 });
      await db.$executeRaw`UPDATE clock SET offset_ms = offset_ms + ${minutes * 60_000}`;
    },
    sandboxState: async () => (await (await fetch(`${sandboxUrl}/_state`)).json()) as SandboxState,
    workerPid() {
      const pid = running.children.find(({ name }) => name === "the worker")?.pid();
      if (pid === undefined) throw new Error("the worker does not run");
      return pid;
    },
    async close() {
      await browser.close();
      await db.$disconnect();
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A browser of their own for one person, signed in through the identity provider like anybody. */
export async function signIn(
  stage: Stage,
  name: string,
  options: Parameters<Browser["newContext"]>[0] = {},
): Promise<Page> {
  const context: BrowserContext = await stage.browser.newContext({
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  await page.goto(stage.url);
  await page.getByRole("button", { name: /^Continue with/ }).click();
  await page.getByRole("button", { name: new RegExp(`^${name}`) }).click();
  await page.waitForURL(
    (url) => url.origin === stage.url && !url.pathname.startsWith("/api") && url.pathname !== "/sign-in",
  );
  return page;
}

/** Waits until the world is so; the browser's own waiting does the same for pages. */
export async function eventually(look: () => Promise<void>): Promise<void> {
  await expect.poll(() => look().then(() => "so", String), { timeout: PATIENCE_MS, interval: 50 }).toBe("so");
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
