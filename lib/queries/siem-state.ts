import "server-only";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";

/** How far the SIEM is. */
export type SiemLag = {
  /** The last entry that it took. */
  readonly seq: number;
  /** Entries that it has not taken yet, and how old the first of them is. */
  readonly behind: number;
  readonly lagSeconds: number;
  /** For how long it takes nothing; null when it does. */
  readonly downSeconds: number | null;
};

export type SiemState = SiemLag & {
  /** Where the history is forwarded to, without path and token; null while it is not. */
  readonly address: string | null;
  readonly lastOkAt: Date | null;
  readonly downSince: Date | null;
  /** What it last answered, or why it was not heard. */
  readonly lastAnswer: string | null;
  /** When the entries after `seq` are tried again; null when they were not tried in vain. */
  readonly nextTryAt: Date | null;
};

/** How forwarding fares, for admins and auditors; null for everybody else. */
export async function siemState(viewer: Viewer, { db }: { db: Db }): Promise<SiemState | null> {
  return seesAll(viewer) ? readState(db) : null;
}

/** Names nobody and no receiver; null while nothing is forwarded. */
export async function siemLag({ db }: { db: Db }): Promise<SiemLag | null> {
  const { address, seq, behind, lagSeconds, downSeconds } = await readState(db);
  return address === null ? null : { seq, behind, lagSeconds, downSeconds };
}

async function readState(db: Db): Promise<SiemState> {
  const [state] = await db.$queryRaw<[SiemState]>`
    SELECT s.address, s.seq::float8 AS seq, (head.seq - s.seq)::float8 AS behind,
      GREATEST(0, COALESCE(extract(epoch FROM clock.now - first.at), 0))::float8 AS "lagSeconds",
      extract(epoch FROM clock.now - s.down_since)::float8 AS "downSeconds",
      s.last_ok_at AS "lastOkAt", s.down_since AS "downSince", s.last_answer AS "lastAnswer",
      CASE WHEN s.tries > 0 THEN s.due_at END AS "nextTryAt"
    FROM siem_stream s CROSS JOIN chain_head head CROSS JOIN (SELECT daypass_now() AS now) AS clock
      LEFT JOIN change first ON first.seq = s.seq + 1`;
  return state;
}
