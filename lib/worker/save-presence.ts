import { SYSTEM } from "../domain/actor.ts";
import { databaseNow } from "../db/now.ts";
import { record } from "../db/record.ts";
import { rolesGiving } from "../db/roles-giving.ts";
import type { Deps } from "./deps.ts";
import type { PlaceRow } from "./look-at-places.ts";

/** Keeps whether the provider has the place, with the story when that is news. */
export async function savePresence(place: PlaceRow, exists: boolean, { db }: Deps): Promise<void> {
  await db.$transaction(async (tx) => {
    const now = await databaseNow(tx);
    const missingSince = exists ? null : (place.missingSince ?? now);
    await tx.managedPlace.update({
      where: { id: place.id },
      data: { missingSince, lookedAt: now, lastError: null, leasedUntil: null },
    });
    if (exists === (place.missingSince === null)) return;
    const roles = await rolesGiving(tx, place);
    await record(
      tx,
      SYSTEM,
      now,
      roles.map(({ id, slug }) => ({
        kind: exists ? "place.found" : "place.missing",
        about: { role: slug, connection: place.connection, kind: place.kind, target: place.target },
        roleId: id,
        before: { missingSince: place.missingSince?.toISOString() ?? null },
        after: { missingSince: missingSince?.toISOString() ?? null },
      })),
    );
  });
}
