import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { ROOT, environmentOf } from "./machine.ts";

type Log = (line: string) => void;

/** What the production build is made from. */
const BUILD_SOURCES = [
  "app",
  "components",
  "lib",
  "public",
  "prisma/schema.prisma",
  "next.config.ts",
  "proxy.ts",
  "postcss.config.mjs",
  "package-lock.json",
];

/** Generates the Prisma client when the schema changed. */
export async function generateClient(log: Log, signal?: AbortSignal): Promise<void> {
  const stamp = join(ROOT, "lib/db/generated/.daypass-stamp");
  await whenChanged(["prisma/schema.prisma", "package-lock.json"], stamp, async () => {
    log("generating the database client");
    // Prisma would fetch an engine that generating does not use; naming any existing file keeps it from trying.
    const variables = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: "1" };
    await runNode(["node_modules/prisma/build/index.js", "generate"], variables, signal);
  });
}

/** Builds the web process when anything that it is made from changed. */
export async function buildWeb(log: Log, signal?: AbortSignal): Promise<void> {
  await whenChanged(BUILD_SOURCES, join(ROOT, ".next/.daypass-stamp"), async () => {
    log("building the pages (once, about a minute)");
    const variables = { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
    await runNode(["node_modules/next/dist/bin/next", "build"], variables, signal);
  });
}

async function whenChanged(sources: readonly string[], stamp: string, make: () => Promise<void>): Promise<void> {
  const hash = await hashOf(sources);
  if (existsSync(stamp) && (await readFile(stamp, "utf8")) === hash) return;
  // An interrupted attempt must not look like the one before it.
  await rm(stamp, { force: true });
  await make();
  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(stamp, hash);
}

async function runNode(
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: environmentOf(variables),
    stdio: ["ignore", "pipe", "pipe"],
    ...(signal ? { signal } : {}),
  });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${args.join(" ")} failed:\n${(await said).join("\n")}`);
}

async function hashOf(sources: readonly string[]): Promise<string> {
  const hash = createHash("sha256").update(process.version);
  for (const source of sources)
    for (const file of await filesIn(source)) hash.update(file).update(await readFile(join(ROOT, file)));
  return hash.digest("hex");
}

async function filesIn(path: string): Promise<string[]> {
  if (!existsSync(join(ROOT, path))) return [];
  const entries = await readdir(join(ROOT, path), { withFileTypes: true, recursive: true }).catch(() => null);
  if (!entries) return [path];
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("generated") && !entry.name.endsWith(".test.ts"))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .sort();
}
