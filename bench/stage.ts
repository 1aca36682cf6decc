import { chmod, mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../e2e/daypass.ts";
import { openDb, type Db } from "../lib/db/client.ts";
import { daypassUp, type Running } from "../scripts/daypass-up.ts";

/** A Daypass of its own with its real processes, whose first lines say what machine the figures are of. */
export type BenchStage = {
  readonly db: Db;
  readonly running: Running;
  /** Its data folder, gone after `close`. */
  readonly folder: string;
  readonly sandbox: (path: string, body: unknown, method?: string) => Promise<void>;
  /** Makes so many people and groups at the sandbox, and waits until the directory lists them. */
  seed(size: { people: number; groups: number }): Promise<void>;
  /** Resolves when nothing is left to do that moving the clock made due: looks at every place, and mail. */
  untilQuiet(): Promise<void>;
  /** Resolves when the SIEM took the whole history, so that forwarding is in no other figure. */
  untilForwarded(): Promise<void>;
  close(): Promise<void>;
};

export async function openBenchStage(): Promise<BenchStage> {
  console.log(
    `machine: ${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
  );
  console.log("the load, the sandbox, PostgreSQL, the worker and the web process share these cores");
  const folder = await mkdtemp(join(tmpdir(), "daypass-bench-"));
  // Run by root, PostgreSQL's own user must reach it, or the data would go to a place that outlives the run.
  await chmod(folder, 0o711);
  const running = await daypassUp(
    {
      PORT: String(await freePort()),
      SANDBOX_PORT: String(await freePort()),
      SANDBOX_MAIL_PORT: String(await freePort()),
      DAYPASS_DATA: folder,
      LOG_LEVEL: "warn",
    },
    { log: (line) => console.log(`bench: ${line}`) },
  );
  const db = openDb(running.databaseUrl, { max: 12 });
  const sandbox = async (path: string, body: unknown, method = "POST") => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${running.sandboxUrl ?? ""}${path}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
  };
  return {
    db,
    running,
    folder,
    sandbox,
    async seed({ people, groups }) {
      await sandbox("/_seed", { people, groups });
      console.log("bench: waiting for the directory to list everybody");
      for (let accounts = 0; accounts < 2 * people;) {
        await pause(500);
        accounts = await db.providerAccount.count({ where: { username: { startsWith: "person" } } });
      }
    },
    async untilQuiet() {
      for (;;) {
        const [{ todo }] = await db.$queryRaw<[{ todo: number }]>`
          SELECT ((SELECT count(*) FROM binding WHERE due_at <= daypass_now()
                OR seen_at < daypass_now() - interval '5 minutes')
            + (SELECT count(*) FROM managed_place p WHERE looked_at < daypass_now() - interval '5 minutes'
                AND EXISTS (SELECT FROM entitlement e JOIN role_version v ON v.id = e.role_version_id
                  JOIN role r ON r.id = v.role_id AND r.current_version = v.version
                  WHERE (e.connection, e.kind, e.target) = (p.connection, p.kind, p.target)))
            + (SELECT count(*) FROM mail WHERE due_at <= daypass_now()))::int AS todo`;
        if (todo === 0) return;
        await pause(500);
      }
    },
    async untilForwarded() {
      for (;;) {
        const [{ behind }] = await db.$queryRaw<[{ behind: boolean }]>`
          SELECT head.seq > s.seq AS behind FROM chain_head head, siem_stream s`;
        if (!behind) return;
        await pause(500);
      }
    },
    async close() {
      await db.$disconnect();
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
