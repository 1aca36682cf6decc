import { SYSTEM } from "../domain/actor.ts";
import { databaseNow } from "../db/now.ts";
import { record } from "../db/record.ts";
import type { Db } from "../db/client.ts";

type Renamed = { personId: string; person: string; connection: string; formerly: string | null; account: string };

/** Tells of accounts that bear another name than when they were last told of. The account itself is still the same. */
export async function noteRenames(db: Db): Promise<void> {
  await db.$transaction(async (tx) => {
    const now = await databaseNow(tx);
    const renamed = await tx.$queryRaw<Renamed[]>`
      UPDATE provider_account a SET known_as = a.username, renamed_from = a.known_as,
        renamed_at = CASE WHEN a.known_as IS NULL THEN NULL ELSE ${now}::timestamptz END
      FROM person p WHERE p.id = a.person_id AND a.known_as IS DISTINCT FROM a.username
      RETURNING p.id AS "personId", p.name AS person, a.connection, a.renamed_from AS formerly, a.username AS account`;
    await record(
      tx,
      SYSTEM,
      now,
      renamed.flatMap(({ personId, person, connection, formerly, account }) =>
        formerly === null
          ? []
          : [
              {
                kind: "person.renamed",
                about: { person, account, formerly, connection },
                personId,
                before: { username: formerly },
                after: { username: account },
              } as const,
            ],
      ),
    );
  });
}
