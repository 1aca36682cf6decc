import "server-only";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";

export type MailState = {
  /** Where e-mail is handed in, without credentials; null while it is off. */
  readonly address: string | null;
  readonly lastOkAt: Date | null;
  readonly downSince: Date | null;
  readonly lastError: string | null;
  /** Mails that wait to be sent, and since when the oldest does. */
  readonly waiting: number;
  readonly oldestAt: Date | null;
  /** Of the last 30 days. `unsure`: sent, and no answer heard. */
  readonly sent: number;
  readonly refused: number;
  readonly unsure: number;
};

/** How e-mail fares, for admins and auditors; null for everybody else. */
export async function mailState(viewer: Viewer, { db }: { db: Db }): Promise<MailState | null> {
  if (!seesAll(viewer)) return null;
  const [state] = await db.$queryRaw<MailState[]>`
    SELECT c.address, c.last_ok_at AS "lastOkAt", c.down_since AS "downSince", c.last_error AS "lastError",
      m.waiting, m."oldestAt", m.sent, m.refused, m.unsure
    FROM notify_channel c CROSS JOIN (
      SELECT count(*) FILTER (WHERE due_at IS NOT NULL)::int AS waiting,
        min(created_at) FILTER (WHERE due_at IS NOT NULL) AS "oldestAt",
        count(*) FILTER (WHERE outcome = 'sent')::int AS sent,
        count(*) FILTER (WHERE outcome = 'refused')::int AS refused,
        count(*) FILTER (WHERE outcome = 'unsure')::int AS unsure
      FROM mail) AS m
    WHERE c.name = 'mail'`;
  return state ?? null;
}
