import { brotliCompressSync, gzipSync } from "node:zlib";
import { mintSessionFor } from "../e2e/mint.ts";
import type { Company } from "./ask.ts";
import { residentMiB } from "./memory.ts";
import { printTable } from "./table.ts";

/** The scripts that each page loads, as a browser gets them. */
export async function measurePages({ db, running, filled }: Company): Promise<void> {
  const admin = await db.person.findFirstOrThrow({ where: { username: "ines" } });
  const cookie = `next-auth.session-token=${await mintSessionFor(db, admin.id)}`;
  const slug = filled.roles[1]?.slug ?? "";
  const request = await db.accessRequest.findFirstOrThrow();
  const grant = await db.grant.findFirstOrThrow();
  const paths = [
    "/",
    "/roles",
    `/roles/${slug}`,
    `/roles/${slug}/edit`,
    "/approvals",
    `/requests/${request.id}`,
    `/grants/${grant.id}`,
    "/history",
    "/settings/tokens",
  ];
  const rows = [await pageRow(running.url, "/sign-in", "")];
  for (const path of paths) rows.push(await pageRow(running.url, path, cookie));
  printTable(
    "JavaScript per page, compressed (aim: < 150 kB)",
    ["page", "scripts", "gzip kB", "brotli kB", "made in ms"],
    rows,
  );
}

async function pageRow(url: string, path: string, cookie: string): Promise<string[]> {
  const start = performance.now();
  const html = await (await fetch(`${url}${path}`, { headers: { cookie } })).text();
  const ms = performance.now() - start;
  const named = new Set([...html.matchAll(/\/_next\/static\/[^"\\]+\.js/g)].map(([script]) => script));
  // Browsers that know modules never ask for these.
  const old = [...html.matchAll(/<script src="([^"]+)"[^>]*nomodule/gi)].map(([, script]) => script ?? "");
  const scripts = [...named].filter((script) => !old.includes(script));
  const bodies = await Promise.all(
    scripts.map(async (script) => Buffer.from(await (await fetch(`${url}${script}`)).arrayBuffer())),
  );
  const sum = (compress: (body: Buffer) => Buffer) =>
    (bodies.reduce((size, body) => size + compress(body).length, 0) / 1_000).toFixed(0);
  const shown = path.replace(/[0-9a-f-]{36}/, "{id}");
  return [
    shown,
    String(scripts.length),
    sum((body) => gzipSync(body)),
    sum((body) => brotliCompressSync(body)),
    ms.toFixed(0),
  ];
}

export async function measureMemory({ running: { children } }: Company): Promise<void> {
  const rows = await Promise.all(children.map(async (child) => [child.name, await residentMiB(child.pid())]));
  printTable("Memory after all of that, resident", ["process", "MiB"], rows);
}
