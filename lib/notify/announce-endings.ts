import type { Db } from "../db/client.ts";
import { endingSoonWords, type Ending, type Pages } from "./mail-words.ts";
import type { Mail } from "./mails-about.ts";
import { oweMails } from "./owe-mails.ts";

const BEFORE_MINUTES = 10;
/** Who asked for less knows when it ends. */
const SHORTEST_MINUTES = 30;

type Near = Ending & { readonly personId: string; readonly requestId: string; readonly leftMs: number };

/** Owes the mails that tell of an end which is near, one for each end. What goes on without a gap does not end. */
export async function announceEndings(pages: Pages, { db }: { db: Db }): Promise<void> {
  await db.$transaction(async (tx) => {
    const near = await tx.$queryRaw<Near[]>`
      SELECT g.id AS "grantId", g.person_id AS "personId", g.request_id AS "requestId", r.slug AS "roleSlug",
        g.ends_at AS "endsAt", extract(epoch FROM g.ends_at - clock.now)::float8 * 1000 AS "leftMs"
      FROM (SELECT daypass_now() AS now) AS clock, access_grant g JOIN role r ON r.id = g.role_id
      WHERE g.state = 'ACTIVE' AND g.minutes >= ${SHORTEST_MINUTES} AND g.ends_at > clock.now
        AND g.ends_at <= clock.now + ${BEFORE_MINUTES} * interval '1 minute'
        AND NOT EXISTS (SELECT 1 FROM access_request next JOIN access_grant goes_on ON goes_on.request_id = next.id
          WHERE next.extends_id = g.id AND goes_on.state = 'SCHEDULED')
        AND NOT EXISTS (SELECT 1 FROM mail m WHERE m.request_id = g.request_id AND m.kind = 'ending-soon'
          AND m.useful_until = g.ends_at)`;
    await oweMails(
      tx,
      near.map((ending) => mailAbout(ending, pages)),
    );
  });
}

function mailAbout(ending: Near, pages: Pages): Mail {
  const minutesLeft = Math.max(1, Math.round(ending.leftMs / 60_000));
  return {
    ...endingSoonWords(ending, minutesLeft, pages),
    toId: ending.personId,
    kind: "ending-soon",
    fact: `${ending.grantId} ends ${ending.endsAt.toISOString()}`,
    requestId: ending.requestId,
    afterMs: 0,
    usefulUntil: ending.endsAt,
  };
}
