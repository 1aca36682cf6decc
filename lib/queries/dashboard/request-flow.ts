import "server-only";
import type { TimeRange } from "../../domain/time-range.ts";
import type { Viewer } from "../../domain/viewer.ts";
import type { Db } from "../../db/client.ts";
import { Prisma } from "../../db/generated/client.ts";
import { watches } from "../watched.ts";

/** Requests that were made in some time, by what became of them since. */
export type Flow = {
  readonly asked: number;
  readonly approved: number;
  readonly denied: number;
  /** Withdrawn, or not decided in time. */
  readonly undecided: number;
  readonly waiting: number;
  /** Half of the approved ones were approved within this; null when none was. */
  readonly medianSeconds: number | null;
};

export type RequestFlow = { readonly all: Flow; /** One for each bar of the range. */ readonly bars: readonly Flow[] };

const NOTHING: Flow = { asked: 0, approved: 0, denied: 0, undecided: 0, waiting: 0, medianSeconds: null };

/** Requests for roles that the viewer watches over, by when they were made. */
export async function requestFlow(viewer: Viewer, range: TimeRange, { db }: { db: Db }): Promise<RequestFlow> {
  // As numbers: comparing each row with a list of moments takes several times as long.
  const starts = range.starts.map((start) => start.getTime() / 1_000);
  const rows = await db.$queryRaw<(Flow & { bar: number | null })[]>`
    SELECT q.bar, count(*)::int AS asked,
      count(*) FILTER (WHERE q.state = 'APPROVED')::int AS approved,
      count(*) FILTER (WHERE q.state = 'DENIED')::int AS denied,
      count(*) FILTER (WHERE q.state IN ('WITHDRAWN', 'EXPIRED'))::int AS undecided,
      count(*) FILTER (WHERE q.state = 'PENDING')::int AS waiting,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY q.took) FILTER (WHERE q.state = 'APPROVED') AS "medianSeconds"
    FROM (
      SELECT width_bucket(date_part('epoch', created_at), ${starts}::float8[]) AS bar, state,
        date_part('epoch', closed_at - created_at) AS took
      FROM access_request
      WHERE created_at >= ${range.since} AND ${watches(viewer)(Prisma.sql`role_id`)}) AS q
    GROUP BY ROLLUP (q.bar)`;
  const flows = new Map(rows.map(({ bar, ...flow }) => [bar, flow]));
  return {
    all: flows.get(null) ?? NOTHING,
    bars: range.starts.map((_, bar) => flows.get(bar + 1) ?? NOTHING),
  };
}
