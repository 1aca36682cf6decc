import "server-only";
import type { Viewer } from "../domain/viewer.ts";
import type { GrantState } from "../domain/grant.ts";
import type { Db } from "../db/client.ts";
import { connections, type ConnectionRow } from "./connections.ts";
import { siemLag, type SiemLag } from "./siem-state.ts";
import { workerState, type WorkerState } from "./worker-state.ts";

export type MetricFacts = {
  readonly worker: WorkerState;
  readonly connections: readonly ConnectionRow[];
  /** Grants that are not over, by state. */
  readonly grants: Partial<Readonly<Record<GrantState, number>>>;
  /** Access behind no grant that is neither kept as an exception nor gone. */
  readonly unknownAccess: number;
  /** Null while the history is not forwarded. */
  readonly siem: SiemLag | null;
  readonly now: Date;
};

/** Everything that the metrics tell, for admins and auditors; null for everybody else. */
export async function metricFacts(viewer: Viewer, { db }: { db: Db }): Promise<MetricFacts | null> {
  const [worker, rows, siem] = await Promise.all([
    workerState(viewer, { db }),
    connections(viewer, { db }),
    siemLag({ db }),
  ]);
  if (!worker || !rows) return null;
  const states = await db.$queryRaw<{ state: GrantState; count: number }[]>`
    SELECT state, count(*)::int AS count FROM access_grant WHERE closed_at IS NULL GROUP BY state`;
  const [other] = await db.$queryRaw<[{ unknownAccess: number; now: Date }]>`
    SELECT daypass_now() AS now, (SELECT count(*)::int FROM unknown_access u JOIN managed_place m ON m.id = u.place_id
      WHERE u.gone_at IS NULL AND COALESCE(u.kept_until, '-infinity') <= (SELECT daypass_now())
        AND NOT is_granted(m.connection, m.kind, m.target, u.external_id)) AS "unknownAccess"`;
  const grants = Object.fromEntries(states.map(({ state, count }) => [state, count]));
  return { worker, connections: rows, grants, siem, ...other };
}
