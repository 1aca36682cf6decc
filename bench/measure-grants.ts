import { databaseNow } from "../lib/db/now.ts";
import { wakeBindings } from "../lib/db/wake.ts";
import { api, askFor, type Company } from "./ask.ts";
import { LATENCY_HEADINGS, latencyRow, printTable } from "./table.ts";
import { endEverything, watch } from "./watch.ts";

const ENDS_AFTER_MS = 3_000;

/** One approval after the other: from sending it until the worker had read both providers back. */
export async function measureApprovals(company: Company): Promise<void> {
  const asked = await askFor(company, 100, 100);
  const answered: number[] = [];
  const seen: number[] = [];
  for (const { id, ownerToken } of asked) {
    const active = await watch(company, "grant.active", 1);
    const start = performance.now();
    await api(company, ownerToken, `/requests/${id}/approve`, {});
    answered.push(performance.now() - start);
    const [at] = (await active.done).values();
    seen.push((at ?? Number.NaN) - start);
  }
  printTable("Approve, one at a time", LATENCY_HEADINGS, [
    latencyRow({ name: "approve → answered", values: answered }),
    latencyRow({ name: "approve → seen at both providers", values: seen, aim: "p95 < 300" }),
  ]);
  await endEverything(company);
}

/** Two hundred grants whose end is the same moment: from that moment until each was proved gone. */
export async function measureEnding(company: Company): Promise<void> {
  const asked = await askFor(company, 200, 250);
  const active = await watch(company, "grant.active", asked.length);
  for (const { id, ownerToken } of asked) await api(company, ownerToken, `/requests/${id}/approve`, {});
  await active.done;
  const ended = await watch(company, "grant.ended", asked.length);
  const start = performance.now() + ENDS_AFTER_MS;
  await endAtOnce(company);
  const at = await ended.done;
  printTable("End", LATENCY_HEADINGS, [
    latencyRow({
      name: "end → proved gone, 200 at once",
      values: [...at.values()].map((time) => time - start),
      aim: "p95 < 2000",
    }),
  ]);
}

/** Every live grant ends at one moment, and its places are woken for it as they are for any end. */
async function endAtOnce({ db }: Company): Promise<void> {
  await db.$transaction(async (tx) => {
    const end = new Date((await databaseNow(tx)).getTime() + ENDS_AFTER_MS);
    const bindings = await tx.$queryRaw<{ id: string }[]>`
      WITH live AS (UPDATE access_grant SET ends_at = ${end} WHERE state = 'ACTIVE' RETURNING id)
      SELECT gb.binding_id AS id FROM grant_binding gb JOIN live ON live.id = gb.grant_id`;
    await wakeBindings(
      tx,
      bindings.map(({ id }) => id),
      end,
      "removal",
    );
  });
}
