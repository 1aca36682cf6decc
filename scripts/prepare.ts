import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export const ROOT = join(import.meta.dirname, "..");
const GENERATED = join(ROOT, "lib/db/generated");
/** What the production build is made from. */
const BUILD_SOURCES = [
  "app",
  "components",
  "lib",
  "public",
  "prisma/schema.prisma",
  "next.config.ts",
  "postcss.config.mjs",
];

/** Generates the Prisma client when the schema changed. */
export async function generateClient(log: (line: string) => void): Promise<void> {
  await whenChanged(["prisma/schema.prisma", "package-lock.json"], join(GENERATED, ".daypass-stamp"), () => {
    log("generating the database client");
    // Prisma would fetch an engine that generating does not use; naming any existing file keeps it from trying.
    const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: "1" };
    runNode(["node_modules/prisma/build/index.js", "generate"], env);
  });
}

/** Builds the web process when anything that it is made from changed. */
export async function buildWeb(log: (line: string) => void): Promise<void> {
  await whenChanged([...BUILD_SOURCES, "package-lock.json"], join(ROOT, ".next/.daypass-stamp"), () => {
    log("building the pages (once)");
    const env = { ...process.env, NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1" };
    runNode(["node_modules/next/dist/bin/next", "build"], env);
  });
}

async function whenChanged(sources: readonly string[], stamp: string, make: () => void): Promise<void> {
  const hash = await hashOf(sources);
  if (existsSync(stamp) && (await readFile(stamp, "utf8")) === hash) return;
  make();
  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(stamp, hash);
}

function runNode(args: readonly string[], env: NodeJS.ProcessEnv): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} failed:\n${stdout}\n${stderr}`);
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
