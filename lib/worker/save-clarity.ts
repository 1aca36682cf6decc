import { SYSTEM } from "../domain/actor.ts";
import { databaseNow } from "../db/now.ts";
import { record } from "../db/record.ts";
import { rolesGiving } from "../db/roles-giving.ts";
import type { Deps } from "./deps.ts";
import type { PlaceRow } from "./look-at-places.ts";

/**
 * Keeps that nobody can tell who has access at the place, with the story when that is news.
 * @param found what stands there and is not understood; null when everything was
 */
export async function saveClarity(place: PlaceRow, found: string | null, { db }: Deps): Promise<void> {
  if (found === null && place.unclearSince === null) return;
  await db.$transaction(async (tx) => {
    const now = await databaseNow(tx);
    const unclearSince = found === null ? null : (place.unclearSince ?? now);
    await tx.managedPlace.update({ where: { id: place.id }, data: { unclearSince, unclearFound: found } });
    if ((unclearSince === null) === (place.unclearSince === null)) return;
    const { connection, kind, target } = place;
    const roles = await rolesGiving(tx, place);
    await record(
      tx,
      SYSTEM,
      now,
      roles.map(({ id, slug }) => ({
        kind: found === null ? "place.clear" : "place.unclear",
        about: { role: slug, connection, kind, target },
        roleId: id,
        after: found === null ? null : { found },
      })),
    );
  });
}
