import type { Actor } from "../domain/actor.ts";
import { Refused, orRefuse } from "../domain/refusals.ts";
import { judgeRetention, redactsMore, retentionBasis } from "../domain/retention.ts";
import { judgeReason } from "../domain/role.ts";
import type { Db } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { needsFourEyes } from "../db/four-eyes.ts";
import { databaseNow } from "../db/now.ts";
import { proposeRetention } from "../db/propose-widening.ts";
import { lockRetention, writeRetention } from "../db/retention.ts";

export type SetRetention = {
  /** After how many days the personal fields of what is over are redacted; null to keep them for ever. */
  readonly days: number | null;
  readonly reason: string;
  /** What the preview was made against; left out, whatever is so now. */
  readonly basis?: string | undefined;
};

/**
 * For how long personal fields are kept from now on. Redacting more cannot be undone, so it waits for a second admin where
 * that is asked for; redacting less takes effect at once.
 */
export async function setRetention(
  actor: Actor,
  { days, reason, basis }: SetRetention,
  { db }: { db: Db },
): Promise<{ days: number | null; wideningId: string | null }> {
  if (!actor.isAdmin) throw new Refused("not-allowed");
  orRefuse(judgeRetention(days), "days");
  orRefuse(judgeReason(reason), "reason");
  return durably(db, async (tx) => {
    const before = await lockRetention(tx);
    if (basis !== undefined && basis !== retentionBasis(before)) throw new Refused("preview-stale");
    if (days === before) throw new Refused("retention-unchanged");
    const now = await databaseNow(tx);
    if (days !== null && redactsMore(before, days) && (await needsFourEyes(tx))) {
      const why = { reason, causeId: null, waitsAnyway: false };
      return { days: before, wideningId: await proposeRetention(tx, actor, now, { before, days }, why) };
    }
    await writeRetention(tx, actor, now, { before, days, reason, causeId: null });
    return { days, wideningId: null };
  });
}
