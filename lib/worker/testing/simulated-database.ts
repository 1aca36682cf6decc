import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { openDb, type Db } from "../../db/client.ts";
import { GROUP_ID, HOLDERS, OWNERS, ROLES } from "./company.ts";
import type { Rows } from "./rows.ts";

const SQL = join(import.meta.dirname, "simulated-database.sql");
/** Emptied tables keep what was deleted until it is swept up. */
const SWEPT_EVERY = 40;

const COMPANY = JSON.stringify({
  groupId: GROUP_ID,
  people: [
    ...HOLDERS.map((holder) => ({ ...holder, isOwner: false })),
    ...OWNERS.map((owner) => ({ ...owner, isOwner: true })),
  ],
  roles: ROLES.map(({ versions, ...role }) => ({ ...role, entitlements: versions[0] })),
});

/** A database in which time stands still until it is told what it is. One history after the other is played in it. */
export type SimulatedDatabase = {
  readonly db: Db;
  startOver(ms: number): Promise<Rows>;
  /** Sets the clock and reads everything. */
  look(after: number, ms: number): Promise<Rows>;
  close(): Promise<void>;
};

/** @param url a migrated database that nobody else uses. */
export async function openSimulatedDatabase(url: string): Promise<SimulatedDatabase> {
  const first = new pg.Client({ connectionString: url });
  await first.connect();
  await first.query(await readFile(SQL, "utf8"));
  await first.query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET search_path = public, simulated, pg_catalog`);
  await first.end();

  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const ask = async (name: string, text: string, values: unknown[]) => {
    const { rows } = await client.query<{ rows: Partial<Rows> }>({ name, text, values });
    return rowsOf(rows[0]?.rows);
  };
  const db = openDb(url, { max: 8 });
  let played = 0;
  return {
    db,
    async startOver(ms) {
      if (played++ % SWEPT_EVERY === 0) await client.query("VACUUM");
      return ask("start-over", "SELECT simulated.start_over($1, $2) AS rows", [COMPANY, ms]);
    },
    look: (after, ms) => ask("look", "SELECT simulated.look($1, $2) AS rows", [after, ms]),
    async close() {
      await db.$disconnect();
      await client.end();
    },
  };
}

function rowsOf(read: Partial<Rows> | undefined): Rows {
  const { now, head } = read ?? {};
  if (now === undefined || !head) throw new Error("the simulated database gave nothing");
  const nothing = { unchained: 0, people: {}, roles: {} };
  const lists = { requests: [], grants: [], shares: [], bindings: [], receipts: [], changes: [] };
  const found = Object.entries(read ?? {}).filter(([, value]) => value !== null);
  return { ...nothing, ...lists, ...Object.fromEntries(found), now, head };
}
