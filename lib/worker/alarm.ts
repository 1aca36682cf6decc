import type { Logger } from "pino";
import { lateRemovals, type LateRemoval } from "../db/late-removals.ts";
import type { Db } from "../db/client.ts";

/** What is late beyond these is counted in each line and shown on the worker's page. */
const NAMED_MAX = 20;

/**
 * Says in the log which removals are late, what is tried and what the provider last said: each at once, and again for
 * every minute that it lasts. Open pages are told to look again when one is new.
 */
export function alarmOver(db: Db, log: Pick<Logger, "error">): () => Promise<void> {
  let told = new Map<string, number>();
  return async () => {
    const { count, items } = await lateRemovals(db, { most: NAMED_MAX });
    const news = items.filter((late) => told.get(late.id) !== minutesOf(late));
    for (const late of news)
      log.error({ ...factsOf(late), allLate: count }, "a removal is late; it is tried again without end");
    const isNew = news.some(({ id }) => !told.has(id));
    told = new Map(items.map((late) => [late.id, minutesOf(late)]));
    if (isNew) await tellPages(db);
  };
}

function minutesOf({ lateSeconds }: LateRemoval): number {
  return Math.floor(lateSeconds / 60);
}

function factsOf({
  id,
  connection,
  kind,
  target,
  who,
  since,
  lateSeconds,
  tries,
  lastError,
  dueAt,
  grantId,
  lowers,
}: LateRemoval) {
  return {
    late: id,
    grant: grantId,
    [lowers ? "lower" : "remove"]: { who, from: target, kind, connection },
    since: since.toISOString(),
    lateSeconds: Math.round(lateSeconds),
    tries,
    lastAnswer: lastError,
    nextTry: dueAt?.toISOString() ?? null,
  };
}

/** The notice of a change, for one that is in no row: time alone made it. */
async function tellPages(db: Db): Promise<void> {
  const notice = JSON.stringify({ seq: 0, kind: "removal.late", personId: null, roleId: null });
  await db.$queryRaw`SELECT pg_notify('daypass_change', ${notice})::text`;
}
