/**
 * Writes the next migration from what changed in schema.prisma:
 * `node scripts/write-migration.ts <name> [path of the previous schema]`, without a database.
 * Prisma's own `migrate dev` needs an engine that closed networks cannot fetch.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { sqlFromSchemas } from "./schema-diff.ts";

const [name, previous] = process.argv.slice(2);
if (!name) throw new Error("usage: node scripts/write-migration.ts <name> [previous schema.prisma]");

const from = previous ? await readFile(previous, "utf8") : null;
const sql = await sqlFromSchemas(from, await readFile("prisma/schema.prisma", "utf8"));
const stamp = new Date().toISOString().replaceAll(/\D/g, "").slice(0, 14);
const folder = `prisma/migrations/${stamp}_${name}`;
await mkdir(folder, { recursive: true });
await writeFile(`${folder}/migration.sql`, sql);
console.log(`${folder}/migration.sql`);
