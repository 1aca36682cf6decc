import { setTimeout as pause } from "node:timers/promises";
import { listen } from "../lib/db/listen.ts";
import { databaseNow } from "../lib/db/now.ts";
import { wakeBindings } from "../lib/db/wake.ts";
import { api, askFor, type Company } from "./ask.ts";
import { LATENCY_HEADINGS, latencyRow, printTable } from "./table.ts";

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

/** A role that 50 people hold is rolled back: from the click until all lost what the older version does not give. */
export async function measureRollback(company: Company): Promise<void> {
  const role = company.filled.roles[0];
  const admin = company.tokens.get("admin") ?? "";
  if (!role) return;
  const spec = {
    name: "Bench",
    ownerGroup: "bench/0001",
    requesterGroup: "bench/0001",
    maxMinutes: 480,
    decideWithinMinutes: 10_080,
    entitlements: [
      { connection: "gitlab", kind: "gitlab-group", target: "acme/roles/bench-0001", level: "maintainer" },
    ],
  };
  const put = async (version: number, entitlements: object[]) => {
    const answer = await fetch(`${company.running.url}/api/v1/roles/${role.slug}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${admin}`, "content-type": "application/json", "if-match": `"${version}"` },
      body: JSON.stringify({ reason: "bench", spec: { ...spec, entitlements } }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  };
  await put(1, spec.entitlements);
  await put(2, [
    ...spec.entitlements,
    { connection: "aws", kind: "aws-iam-group", target: "bench-0001", level: "member" },
  ]);
  const asked = await askFor(company, 50, 500, 60, 1);
  const active = await watch(company, "grant.active", asked.length);
  for (const { id, ownerToken } of asked) await api(company, ownerToken, `/requests/${id}/approve`, {});
  await active.done;
  const removed = await watch(company, "binding.removed", asked.length);
  const start = performance.now();
  await api(company, admin, `/roles/${role.slug}/rollback`, { version: 2 });
  const clicked = performance.now() - start;
  const settled = Math.max(...(await removed.done).values()) - start;
  printTable(
    "Rollback, 50 live grants lose one place each",
    ["measured", "ms", "aim"],
    [
      ["click → answered", clicked.toFixed(0), ""],
      ["click → all 50 settled", settled.toFixed(0), "< 2000"],
    ],
  );
  await endEverything(company);
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

async function endEverything({ db }: Company): Promise<void> {
  await db.$executeRaw`UPDATE clock SET offset_ms = offset_ms + 24 * 60 * 60000`;
  for (;;) {
    const open = await db.grant.count({ where: { closedAt: null } });
    if (open === 0) return;
    await pause(100);
  }
}

/** Resolves with the time of each grant's change of this kind, in milliseconds on this process's clock. */
async function watch(
  { running }: Company,
  kind: string,
  count: number,
): Promise<{ done: Promise<Map<string, number>> }> {
  const at = new Map<string, number>();
  let finish: (times: Map<string, number>) => void = () => undefined;
  const all = new Promise<Map<string, number>>((resolve) => (finish = resolve));
  const listener = await listen(running.databaseUrl, ["daypass_change"], (_channel, payload) => {
    const notice = JSON.parse(payload) as { kind: string; grantId: string | null };
    if (notice.kind !== kind || !notice.grantId) return;
    at.set(notice.grantId, performance.now());
    if (at.size === count) finish(at);
  });
  return { done: all.finally(() => void listener.close()) };
}
