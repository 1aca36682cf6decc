import { execFile } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { fill, type Filled } from "./fill.ts";
import { inLanes, makeGrant } from "./make-grant.ts";
import { peakWhile } from "./memory.ts";
import { openBenchStage } from "./stage.ts";
import { LATENCY_HEADINGS, latencyRow, printTable } from "./table.ts";
import { measureTightBudget } from "./tight-budget.ts";

/**
 * `npm run bench reconcile`: many ends within one minute, with real processes; removals and additions under a tight budget;
 * and the slow sweep over many bindings.
 */
const ENDS = Number(process.env.BENCH_ENDS ?? 10_000);
const SWEPT = (process.env.BENCH_SWEPT ?? "1000,10000,100000").split(",").map(Number);
const PEOPLE = 1_000;
/** GitLab takes 60 removals a minute for each place: with this many places the budget does not bind. */
const GROUPS = 200;
const LATENCY_MS = 20;

const run = promisify(execFile);
const stage = await openBenchStage();
const { db, running, sandbox } = stage;
try {
  const filled = await prepare();
  await measureEnds(filled);
  await measureTightBudget(stage, filled);
  await running.children.find(({ name }) => name === "the worker")?.stop();
  for (const count of SWEPT) await measureSweep(filled, count);
} finally {
  await stage.close();
}

async function prepare(): Promise<Filled> {
  await stage.seed({ people: PEOPLE, groups: GROUPS });
  return fill(db, { groups: GROUPS, requests: 0, providers: ["gitlab"] });
}

/** Grants that real approvals made, all of whose ends are then put into one minute. */
async function measureEnds({ people, roles }: Filled): Promise<void> {
  console.log(`bench: making ${ENDS} grants`);
  await inLanes(ENDS, async (n) => {
    const person = people[n % people.length];
    const role = roles[(n + Math.floor(n / people.length)) % roles.length];
    if (!person || !role || person.id === role.ownerId) return;
    await makeGrant(db, person, role);
  });
  await until(async () => (await db.grant.count({ where: { state: { not: "ACTIVE" } } })) === 0);
  const total = await db.grant.count();
  await sandbox("/_faults", [
    { provider: "gitlab", kind: "slow", ms: LATENCY_MS },
    { provider: "aws", kind: "slow", ms: LATENCY_MS },
  ]);
  await db.$executeRaw`
    WITH place AS (SELECT id, daypass_now() + interval '10 seconds'
        + interval '1 minute' * (row_number() OVER (ORDER BY random()) - 1) / ${total}::int AS at FROM access_grant),
      moved AS (UPDATE access_grant g SET ends_at = place.at FROM place WHERE place.id = g.id RETURNING g.id, g.ends_at)
    UPDATE binding b SET due_at = moved.ends_at FROM moved JOIN grant_binding gb ON gb.grant_id = moved.id
    WHERE b.id = gb.binding_id`;
  const worker = running.children.find(({ name }) => name === "the worker");
  const allEnded = until(async () => (await db.grant.count({ where: { closedAt: null } })) === 0);
  const peak = await peakWhile(worker?.pid(), allEnded);
  const ended = await db.grant.findMany({ select: { endsAt: true, closedAt: true } });
  const late = ended.map(({ endsAt, closedAt }) => (closedAt?.getTime() ?? Number.NaN) - endsAt.getTime());
  const closed = ended.map(({ closedAt }) => closedAt?.getTime() ?? 0).sort((a, b) => a - b);
  const seconds = ((closed.at(-1) ?? 0) - (closed[0] ?? 0)) / 1_000;
  printTable(`${total} grants that end within one minute, providers answer after ${LATENCY_MS} ms`, LATENCY_HEADINGS, [
    latencyRow({ name: "end → proved gone", values: late }),
  ]);
  printTable(
    "Drain",
    ["due per second", "proved gone per second", "share", "worker's peak MiB", "aim"],
    [
      [
        (total / 60).toFixed(0),
        (total / seconds).toFixed(0),
        `${((100 * 60) / Math.max(60, seconds)).toFixed(0)} %`,
        peak,
        "95 %, < 400 MiB",
      ],
    ],
  );
  await sandbox("/_faults", {}, "DELETE");
}

/** The slow sweep over this many bindings whose provider answers at once. */
async function measureSweep({ people }: Filled, count: number): Promise<void> {
  await db.$executeRaw`DELETE FROM binding WHERE target LIKE 'swept/%'`;
  await db.$executeRaw`
    INSERT INTO binding (id, person_id, connection, kind, target, seen, seen_at)
    SELECT gen_random_uuid(), (${people.map(({ id }) => id)}::uuid[])[1 + n % ${people.length}::int], 'gitlab',
      'gitlab-group', 'swept/' || n, '{"state": "absent"}', daypass_now() - interval '1 day'
    FROM generate_series(1, ${count}::int) n`;
  await db.$executeRaw`UPDATE binding SET seen_at = daypass_now() WHERE target NOT LIKE 'swept/%'`;
  const env = { ...process.env, DATABASE_URL: running.databaseUrl };
  const { stdout } = await run(process.execPath, [fileURLToPath(new URL("sweep.ts", import.meta.url))], { env });
  const { looked, seconds, peakMiB } = JSON.parse(stdout) as { looked: number; seconds: number; peakMiB: number };
  printTable(
    `Slow sweep over ${looked} bindings, in a process of its own`,
    ["seconds", "per second", "peak MiB", "aim"],
    [[seconds.toFixed(1), (looked / seconds).toFixed(0), peakMiB.toFixed(0), "flat, < 400 MiB"]],
  );
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(500);
}
