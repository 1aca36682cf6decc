import "server-only";
import { judgeRetention, retentionBasis } from "../domain/retention.ts";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { needsFourEyes } from "../db/four-eyes.ts";

export type RetentionState = {
  /** Null: for ever. */
  readonly days: number | null;
  /** Sent back with a change, so that a stale preview is noticed. */
  readonly basis: string;
  /** The proposal to redact more that waits now. */
  readonly waitingId: string | null;
  readonly maySet: boolean;
  /** Whether redacting more waits for a second admin. */
  readonly needsSecond: boolean;
  /** The last run; null when there was none. */
  readonly lastRun: Run | null;
};

type Run = { readonly seq: number; readonly at: Date; readonly entries: number; readonly isDone: boolean };

/** For how long personal fields are kept; for admins and auditors, null for everybody else. */
export async function retentionState(viewer: Viewer, { db }: { db: Db }): Promise<RetentionState | null> {
  if (!seesAll(viewer)) return null;
  const [[row], waiting, needsSecond] = await Promise.all([
    db.$queryRaw<[{ days: number | null; run: (Omit<Run, "at"> & { at: string }) | null }]>`
      SELECT r.days, CASE WHEN c.seq IS NOT NULL THEN json_build_object('seq', c.seq, 'at', c.at,
        'entries', (c.body::jsonb #>> '{after,entries}')::int, 'isDone', r.done >= r.up_to) END AS run
      FROM retention r LEFT JOIN change c ON c.seq = (SELECT max(seq) FROM change WHERE kind = 'history.redacted')
      WHERE r.id = 1`,
    db.widening.findFirst({ where: { kind: "retention", state: "PENDING" }, select: { id: true } }),
    needsFourEyes(db),
  ]);
  return {
    days: row.days,
    basis: retentionBasis(row.days),
    waitingId: waiting?.id ?? null,
    maySet: viewer.isAdmin,
    needsSecond,
    lastRun: row.run && { ...row.run, at: new Date(row.run.at) },
  };
}

export type RetentionPreview = {
  readonly days: number;
  /** Entries whose personal fields the first run would take out, of which moments. */
  readonly entries: number;
  readonly from: Date | null;
  readonly to: Date | null;
  /** As old, but what they belong to is not over, or not for long enough. */
  readonly kept: number;
  /** As old, and written before entries could be redacted. */
  readonly unsalted: number;
};

/** What redacting after so many days would do if it began now. For those who may see the setting; else null. */
export async function retentionPreview(
  viewer: Viewer,
  days: number,
  { db }: { db: Db },
): Promise<RetentionPreview | null> {
  if (!seesAll(viewer) || !judgeRetention(days).allowed) return null;
  const [row] = await db.$queryRaw<[Omit<RetentionPreview, "days">]>`
    WITH moment AS MATERIALIZED (
      SELECT now - ${days}::int * interval '1 day' AS before FROM (SELECT daypass_now() AS now) AS clock
    ), old AS MATERIALIZED (
      SELECT unredacted((SELECT before FROM moment)) AS numbers
    ), resting AS MATERIALIZED (
      SELECT r.seq FROM old, moment, at_rest(old.numbers, moment.before) AS r(seq)
    )
    SELECT (SELECT count(*)::int FROM resting) AS entries,
      (SELECT c.at FROM change c WHERE c.seq = (SELECT min(seq) FROM resting)) AS "from",
      (SELECT c.at FROM change c WHERE c.seq = (SELECT max(seq) FROM resting)) AS "to",
      (SELECT count(*)::int FROM old, unnest(old.numbers) AS n(seq) JOIN change c USING (seq)
        WHERE c.body LIKE '%"personal":{"paths":%') - (SELECT count(*)::int FROM resting) AS kept,
      (SELECT count(*)::int FROM old, unnest(old.numbers) AS n(seq) JOIN change c USING (seq)
        WHERE c.body NOT LIKE '%"personal":{"paths":%'
          AND (c.actor_kind = 'person' OR c.person_id IS NOT NULL OR c.why IS NOT NULL)) AS unsalted`;
  return { days, ...row };
}
