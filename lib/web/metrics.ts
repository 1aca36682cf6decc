import "server-only";
import { Gauge, Registry } from "prom-client";
import { LATENESS_BOUNDS } from "../domain/lateness.ts";
import type { GrantState } from "../domain/grant.ts";
import type { MetricFacts } from "../queries/metric-facts.ts";

export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** States that a grant can be in without being over. A state that nothing is in is still worth its zero. */
const OPEN_STATES = ["SCHEDULED", "ACTIVATING", "ACTIVE", "ENDING", "REVOKING", "ACTIVATION_FAILED"] as const;

/**
 * The facts in the Prometheus text format. All of them come from the database, so it does not matter which of several
 * web processes is asked.
 */
export function metricsText(facts: MetricFacts): Promise<string> {
  const registry = new Registry();
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Gauge({ name: `daypass_${name}`, help, labelNames: [...labelNames], registers: [registry] });
  tellQueue(gauge, facts);
  tellGrants(gauge, facts);
  tellWorkers(gauge, facts);
  tellConnections(gauge, facts);
  tellSiem(gauge, facts);
  return registry.metrics();
}

type MakeGauge = <L extends string>(name: string, help: string, labelNames?: readonly L[]) => Gauge<L>;

function tellQueue(gauge: MakeGauge, { worker, now, unknownAccess }: MetricFacts): void {
  gauge("queue_depth", "Wake-ups that wait to be taken").set(worker.queued);
  gauge("places_due", "Places of grants that are due to be looked at").set(worker.due);
  gauge("oldest_due_seconds", "Since when the oldest of them is due; 0 when none is").set(
    since(worker.oldestDueAt, now),
  );
  gauge("removals_owed", "Removals that were begun and are not proved").set(worker.owed);
  gauge("removals_late", "Removals that are owed for more than a minute").set(worker.late.count);
  const oldestLate = worker.late.items[0]?.lateSeconds ?? 0;
  gauge("oldest_late_removal_seconds", "How long the oldest of them is owed; 0 when none is").set(oldestLate);
  gauge("unknown_access", "Accounts with access at managed places that no grant explains").set(unknownAccess);
}

/** Not a histogram of Prometheus, whose counts only grow: these are of the last day, cumulative like its buckets. */
function tellGrants(gauge: MakeGauge, { worker, grants }: MetricFacts): void {
  const open = gauge("grants", "Grants that are not over, by state", ["state"]);
  for (const state of OPEN_STATES satisfies readonly GrantState[]) open.set({ state }, grants[state] ?? 0);
  const help = "Removals of the last 24 hours that were proved within this many seconds after access should have ended";
  const lateness = gauge("ended_last_day", help, ["le"]);
  let upTo = 0;
  for (const [i, count] of worker.lateness.entries()) {
    upTo += count;
    lateness.set({ le: String(LATENESS_BOUNDS[i] ?? "+Inf") }, upTo);
  }
}

function tellWorkers(gauge: MakeGauge, { worker }: MetricFacts): void {
  const heard = gauge("worker_heartbeat_age_seconds", "Since when a worker was not heard of", ["worker"]);
  for (const { id, quietFor } of worker.workers) heard.set({ worker: id }, quietFor);
  gauge("workers", "Workers that were heard of lately").set(worker.workers.length);
}

function tellConnections(gauge: MakeGauge, { connections, now }: MetricFacts): void {
  const down = gauge("connection_down_seconds", "Since when a provider does not answer; 0 when it does", [
    "connection",
  ]);
  const held = gauge("connection_held_seconds", "How long a provider still asked us to wait", ["connection"]);
  const left = gauge("connection_rate_remaining", "What was left of a provider's rate limit, where it tells", [
    "connection",
  ]);
  const failing = gauge("connection_failing", "Places where the last try came to nothing", ["connection"]);
  for (const { name: connection, downSince, heldUntil, failing: places, rateRemaining } of connections) {
    down.set({ connection }, since(downSince, now));
    held.set({ connection }, heldUntil ? Math.max(0, (heldUntil.getTime() - now.getTime()) / 1_000) : 0);
    if (rateRemaining !== null) left.set({ connection }, rateRemaining);
    failing.set({ connection }, places);
  }
}

/** While nothing is forwarded there is nothing to tell. */
function tellSiem(gauge: MakeGauge, { siem }: MetricFacts): void {
  if (!siem) return;
  gauge("siem_sent_seq", "The last entry of the history that the SIEM took").set(siem.seq);
  gauge("siem_behind", "Entries of the history that the SIEM has not taken").set(siem.behind);
  gauge("siem_lag_seconds", "How old the first of them is; 0 when there is none").set(siem.lagSeconds);
  gauge("siem_down_seconds", "Since when the SIEM takes nothing; 0 when it does").set(siem.downSeconds ?? 0);
}

function since(at: Date | null, now: Date): number {
  return at ? Math.max(0, (now.getTime() - at.getTime()) / 1_000) : 0;
}
