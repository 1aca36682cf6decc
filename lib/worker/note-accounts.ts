import { SYSTEM } from "../domain/actor.ts";
import { databaseNow } from "../db/now.ts";
import { record, type Entry } from "../db/record.ts";
import type { Db, Tx } from "../db/client.ts";

/**
 * Longer than the directory of one provider takes to be read: an account that was not seen for that long before it was
 * last read to its end was not in it.
 */
const UNSEEN_MINUTES = 10;

type Told = { personId: string; person: string; connection: string; account: string };

/**
 * Tells of accounts that bear another name than when they were last told of, and of those that we hold access for although
 * the directory does not list them any more: deleted or blocked.
 */
export async function noteAccounts(db: Db): Promise<void> {
  await db.$transaction(async (tx) => {
    const now = await databaseNow(tx);
    await record(tx, SYSTEM, now, [...(await noteRenamed(tx, now)), ...(await noteListed(tx, now))]);
  });
}

async function noteRenamed(tx: Tx, now: Date): Promise<Entry[]> {
  const renamed = await tx.$queryRaw<(Told & { formerly: string | null })[]>`
    UPDATE provider_account a SET known_as = a.username, renamed_from = a.known_as,
      renamed_at = CASE WHEN a.known_as IS NULL THEN NULL ELSE ${now}::timestamptz END
    FROM person p WHERE p.id = a.person_id AND a.known_as IS DISTINCT FROM a.username
    RETURNING p.id AS "personId", p.name AS person, a.connection, a.renamed_from AS formerly, a.username AS account`;
  return renamed.flatMap(({ personId, formerly, ...about }) => {
    if (formerly === null) return [];
    const sides = { before: { username: formerly }, after: { username: about.account } };
    return [{ kind: "person.renamed", about: { ...about, formerly }, personId, ...sides }];
  });
}

async function noteListed(tx: Tx, now: Date): Promise<Entry[]> {
  const turned = await tx.$queryRaw<(Told & { isMissing: boolean })[]>`
    WITH account AS (
      SELECT a.person_id, a.connection, a.missing_since,
        a.seen_at < c.synced_at - ${UNSEEN_MINUTES} * interval '1 minute' AND EXISTS (SELECT 1 FROM binding b
          WHERE b.person_id = a.person_id AND b.connection = a.connection AND b.intended IS NOT NULL) AS is_missing
      FROM provider_account a JOIN connection c ON c.name = a.connection
      WHERE a.missing_since IS NOT NULL OR a.seen_at < c.synced_at - ${UNSEEN_MINUTES} * interval '1 minute'
    )
    UPDATE provider_account a SET missing_since = CASE WHEN account.is_missing THEN ${now}::timestamptz END
    FROM account, person p
    WHERE a.person_id = account.person_id AND a.connection = account.connection AND p.id = a.person_id
      AND account.is_missing <> (account.missing_since IS NOT NULL)
    RETURNING p.id AS "personId", p.name AS person, a.connection, a.username AS account,
      account.is_missing AS "isMissing"`;
  return turned.map(({ personId, isMissing, ...about }) => ({
    kind: isMissing ? "account.missing" : "account.found",
    about,
    personId,
  }));
}
