import { setTimeout as pause } from "node:timers/promises";
import { wakeBindings } from "../lib/db/wake.ts";
import type { Filled } from "./fill.ts";
import { inLanes, makeGrant } from "./make-grant.ts";
import type { BenchStage } from "./stage.ts";
import { LATENCY_HEADINGS, latencyRow, percentile, printTable } from "./table.ts";

const REMOVALS = 200;
const ADDITIONS = 50;
/** As often GitLab asks for a pause of a second: it is held for about half of the time. */
const THROTTLED_EVERY_MS = 2_000;
/** Beyond this the measurement would say nothing any more. */
const GIVEN_UP_AFTER_MS = 180_000;

/** Removals fall due one after the other while GitLab throttles, and additions are approved in the same moment. */
export async function measureTightBudget({ db, sandbox }: BenchStage, { people, roles }: Filled): Promise<void> {
  console.log(`bench: making ${REMOVALS} grants for the tight budget`);
  const pairs = roles.flatMap((role, n) =>
    [0, 1].flatMap((more) => {
      const person = people[(7 * n + 3 + 100 * more) % people.length];
      return person && person.id !== role.ownerId ? [{ role, person }] : [];
    }),
  );
  const ending = await grantsTo(db, pairs.slice(0, REMOVALS));
  await until(async () => (await db.grant.count({ where: { id: { in: ending }, state: "ACTIVE" } })) === ending.length);

  const throttling = throttle(sandbox);
  await endInOrder(db, ending);
  const added = await grantsTo(db, pairs.slice(REMOVALS, REMOVALS + ADDITIONS));
  await until(async () => (await db.grant.count({ where: { id: { in: ending }, closedAt: null } })) === 0);
  await throttling.stop();
  await until(async () => (await db.grant.count({ where: { id: { in: added }, state: "ACTIVATING" } })) === 0);

  const ended = await db.grant.findMany({ where: { id: { in: ending } }, orderBy: { endsAt: "asc" } });
  const set = await db.grant.findMany({ where: { id: { in: added } } });
  tell(
    ended.map(({ endsAt, closedAt }) => ({ due: +endsAt, at: Number(closedAt) })),
    set.map(({ activeAt }) => Number(activeAt)),
  );
}

type Pair = { readonly role: Filled["roles"][number]; readonly person: Filled["people"][number] };

async function grantsTo(db: BenchStage["db"], pairs: readonly Pair[]): Promise<string[]> {
  const ids: string[] = [];
  await inLanes(pairs.length, async (n) => {
    const pair = pairs[n];
    if (pair) ids.push(await makeGrant(db, pair.person, pair.role));
  });
  return ids;
}

/** All due within a second, each a little after the one before it, and woken for it as for any end. */
async function endInOrder(db: BenchStage["db"], ids: readonly string[]): Promise<void> {
  await db.$transaction(async (tx) => {
    const moved = await tx.$queryRaw<{ bindingId: string; endsAt: Date }[]>`
      WITH place AS (SELECT id, daypass_now() + n * interval '1 second' / ${ids.length}::int AS at
          FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS x(id, n)),
        moved AS (UPDATE access_grant g SET ends_at = place.at FROM place WHERE place.id = g.id RETURNING g.id, g.ends_at)
      SELECT gb.binding_id AS "bindingId", moved.ends_at AS "endsAt"
      FROM moved JOIN grant_binding gb ON gb.grant_id = moved.id`;
    for (const { bindingId, endsAt } of moved) await wakeBindings(tx, [bindingId], endsAt, "removal");
  });
}

function throttle(sandbox: BenchStage["sandbox"]) {
  let isOver = false;
  const busy = { provider: "gitlab", kind: "status", status: 429, retryAfter: 1, times: 1 };
  const loop = async () => {
    while (!isOver) {
      await sandbox("/_faults", [busy]);
      await pause(THROTTLED_EVERY_MS);
    }
  };
  const done = loop();
  return {
    async stop() {
      isOver = true;
      await done;
      await sandbox("/_faults", {}, "DELETE");
    },
  };
}

/** @param removals in the order in which they were due */
function tell(removals: readonly { due: number; at: number }[], additions: readonly number[]): void {
  const last = Math.max(...removals.map(({ at }) => at));
  const proved = [...removals].sort((a, b) => a.at - b.at);
  const moved = removals.map((removal, n) => Math.abs(proved.indexOf(removal) - n));
  printTable(
    `${removals.length} removals while GitLab throttles, ${additions.length} additions at the same time`,
    LATENCY_HEADINGS,
    [
      latencyRow({ name: "end → proved gone", values: removals.map(({ due, at }) => at - due) }),
      latencyRow({ name: "approved → in place", values: additions.map((at) => at - (removals[0]?.due ?? 0)) }),
    ],
  );
  printTable(
    "Order",
    ["places from its turn, p50", "p95", "max", "additions before the last removal", "aim"],
    [
      [
        ...[0.5, 0.95, 1].map((share) => String(percentile(moved, share))),
        String(additions.filter((at) => at < last).length),
        "their order is kept, additions wait",
      ],
    ],
  );
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + GIVEN_UP_AFTER_MS;
  while (!(await isSo())) {
    if (performance.now() > giveUpAt) throw new Error("the worker does not come to an end");
    await pause(200);
  }
}
