import { ABSENT, sameSeen } from "../domain/binding.ts";
import type { Place } from "../domain/entitlement.ts";
import { isManaged } from "../domain/unknown-access.ts";
import { Unclear, type AccessProvider, type Member } from "../providers/provider.ts";
import type { Db } from "../db/client.ts";
import { databaseNow } from "../db/now.ts";
import { giveWayToRemovals } from "./budget.ts";
import type { Deps } from "./deps.ts";
import { NotNow } from "./not-now.ts";
import { noteConnection } from "./postpone.ts";
import { saveClarity } from "./save-clarity.ts";
import { saveGone, saveListed } from "./save-listing.ts";
import { savePresence } from "./save-presence.ts";

/** Longer than one listing takes. */
export const LISTING_SECONDS = 120;
const AT_ONCE = 4;
/** Everybody who writes history waits while one transaction tells its story, so no story is long. */
const BATCH = 200;

export type PlaceRow = Place & {
  readonly id: string;
  readonly missingSince: Date | null;
  readonly unclearSince: Date | null;
};

type Which = { readonly connections: readonly string[]; readonly olderThanMs: number; readonly most: number };

/**
 * Looks at the places themselves that roles in force give, those that were not looked at for longest first: whether they
 * are there, and at managed places who has access that no grant explains. Several workers may call it at once. Removals
 * that are owed at a throttled provider go first. Gives how many it looked at; a place that could not be looked at keeps what is known of it, and the reason.
 */
export async function lookAtPlaces(deps: Deps, which: Which): Promise<number> {
  await noteGivenPlaces(deps.db);
  const places = await takePlaces(deps.db, which);
  const queue = places.values();
  const lane = async () => {
    for (const place of queue) await lookOrNote(place, deps);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, places.length) }, lane));
  return places.length;
}

async function noteGivenPlaces(db: Db): Promise<void> {
  await db.$executeRaw`
    INSERT INTO managed_place (id, connection, kind, target)
    SELECT gen_random_uuid(), g.connection, g.kind, g.target FROM given_places() g
    WHERE NOT EXISTS (SELECT 1 FROM managed_place m
      WHERE m.connection = g.connection AND m.kind = g.kind AND m.target = g.target)
    GROUP BY g.connection, g.kind, g.target
    ON CONFLICT DO NOTHING`;
}

async function takePlaces(db: Db, { connections, olderThanMs, most }: Which): Promise<PlaceRow[]> {
  return db.$queryRaw<PlaceRow[]>`
    UPDATE managed_place SET leased_until = clock_timestamp() + ${LISTING_SECONDS} * interval '1 second'
    WHERE id IN (
      SELECT m.id FROM managed_place m LEFT JOIN connection c ON c.name = m.connection
      WHERE m.connection = ANY(${connections}) AND (c.held_until IS NULL OR c.held_until <= daypass_now())
        AND NOT (COALESCE(c.held_until > daypass_now() - interval '10 seconds', false)
          AND EXISTS (SELECT 1 FROM binding o WHERE o.connection = m.connection AND o.owed_since IS NOT NULL))
        AND (m.looked_at IS NULL OR m.looked_at > daypass_now()
          OR m.looked_at < daypass_now() - ${olderThanMs} * interval '1 millisecond')
        AND (m.leased_until IS NULL OR m.leased_until < clock_timestamp())
        AND EXISTS (SELECT 1 FROM given_places() g
          WHERE g.connection = m.connection AND g.kind = m.kind AND g.target = m.target)
      ORDER BY m.looked_at NULLS FIRST LIMIT ${most} FOR UPDATE OF m SKIP LOCKED)
    RETURNING id, connection, kind, target, missing_since AS "missingSince",
      unclear_since AS "unclearSince"`;
}

/** One place that does not answer stops one place. */
async function lookOrNote(place: PlaceRow, deps: Deps): Promise<void> {
  try {
    await lookAt(place, deps);
  } catch (error) {
    if (error instanceof NotNow) return putOff(place, error.afterMs, deps.db);
    const words = error instanceof Error ? error.message : String(error);
    await noteConnection(place.connection, error, words, deps);
    if (error instanceof Unclear) await saveClarity(place, error.found, deps);
    await deps.db.$executeRaw`
      UPDATE managed_place SET looked_at = daypass_now(), last_error = ${words.slice(0, 500)}, leased_until = NULL
      WHERE id = ${place.id}::uuid`;
  }
}

/** It was not looked at, so it stays among the first. */
async function putOff({ id }: PlaceRow, afterMs: number, db: Db): Promise<void> {
  await db.$executeRaw`
    UPDATE managed_place SET leased_until = clock_timestamp() + ${afterMs} * interval '1 millisecond'
    WHERE id = ${id}::uuid`;
}

async function lookAt(place: PlaceRow, deps: Deps): Promise<void> {
  const provider = deps.providerNamed(place.connection);
  giveWayToRemovals(provider, false);
  const startedAt = await databaseNow(deps.db);
  const { exists } = await provider.describe(place);
  await savePresence(place, exists, deps);
  if (!exists || !isManaged(place)) return saveClarity(place, null, deps);
  // By account: somebody who joins or leaves while pages are read may stand on two of them.
  const members = new Map<string, Member>();
  for await (const member of provider.members(place)) members.set(member.account.externalId, member);
  await saveGone(place, await provedGone(place, members, provider, deps.db), deps);
  const listed = [...members.values()];
  for (let from = 0; from < listed.length; from += BATCH)
    await saveListed(place, { members: listed.slice(from, from + BATCH), startedAt }, deps);
  await saveClarity(place, null, deps);
}

/**
 * Findings whose accounts the listing does not show, each looked at by itself: a list that was cut short, or that is empty
 * by mistake, is no proof for anybody. Those that are being removed are left to whoever removes them.
 */
async function provedGone(
  place: PlaceRow,
  listed: ReadonlyMap<string, Member>,
  provider: AccessProvider,
  db: Db,
): Promise<string[]> {
  const open = await db.unknownAccess.findMany({
    where: { placeId: place.id, goneAt: null, removalAskedAt: null },
    select: { id: true, externalId: true, username: true },
  });
  const gone: string[] = [];
  for (const { id, ...account } of open) {
    if (listed.has(account.externalId)) continue;
    if (sameSeen(await provider.observe(account, place), ABSENT)) gone.push(id);
  }
  return gone;
}
