import { v7 as newId } from "uuid";
import { SYSTEM } from "../domain/actor.ts";
import type { Level } from "../domain/entitlement.ts";
import { isKept } from "../domain/unknown-access.ts";
import type { Member } from "../providers/provider.ts";
import type { Tx } from "../db/client.ts";
import { databaseNow } from "../db/now.ts";
import { accessEntries, accessSeen } from "../db/read-access-case.ts";
import { record, type Entry } from "../db/record.ts";
import { rolesGiving, type GivingRole } from "../db/roles-giving.ts";
import type { Deps } from "./deps.ts";
import type { PlaceRow } from "./look-at-places.ts";

type Listing = { readonly members: readonly Member[]; readonly startedAt: Date };

/** One account in the listing that no grant explains, and what is known of it already. */
type Unexplained = {
  readonly id: string | null;
  readonly externalId: string;
  readonly username: string;
  readonly level: Level | null;
  readonly until: string | null;
  readonly personId: string | null;
  readonly personName: string | null;
  readonly goneAt: Date | null;
  readonly keptUntil: Date | null;
  readonly keptLevel: Level | null;
};

/** Writes which members of a managed place no grant explains, with the story: access that is new, exceptions that ran out. */
export async function saveListed(place: PlaceRow, listing: Listing, { db }: Deps): Promise<void> {
  await db.$transaction(async (tx) => {
    const { now, roles } = await lockPlace(tx, place);
    const entriesOf = entriesAt(place, roles);
    const unexplained = await readUnexplained(tx, place, listing);
    const found = unexplained.filter(({ id, goneAt }) => id === null || goneAt !== null);
    const ended = unexplained.filter(
      (row) => row.goneAt === null && row.keptUntil !== null && !isKept(place.kind, row, row.level, now),
    );
    await writeSeen(tx, place, unexplained, now);
    await writeAnew(tx, place, [...found, ...ended], now);
    await record(tx, SYSTEM, now, [
      ...found.flatMap((row) => entriesOf(row, { kind: "access.found", after: accessSeen(row) })),
      ...ended.flatMap((row) => entriesOf(row, { kind: "access.exception-ended", ...exceptionEnd(row) })),
    ]);
  });
}

/** @param ids findings whose accounts were looked at and have nothing any more */
export async function saveGone(place: PlaceRow, ids: readonly string[], { db }: Deps): Promise<void> {
  if (ids.length === 0) return;
  await db.$transaction(async (tx) => {
    const { now, roles } = await lockPlace(tx, place);
    const entriesOf = entriesAt(place, roles);
    const gone = await writeGone(tx, ids, now);
    const ending = { kind: "access.gone", after: { state: "absent" } } as const;
    await record(
      tx,
      SYSTEM,
      now,
      gone.flatMap((row) => entriesOf(row, { ...ending, before: accessSeen(row) })),
    );
  });
}

async function lockPlace(tx: Tx, place: PlaceRow): Promise<{ now: Date; roles: readonly GivingRole[] }> {
  await tx.$queryRaw`SELECT id FROM managed_place WHERE id = ${place.id}::uuid FOR UPDATE`;
  return { now: await databaseNow(tx), roles: await rolesGiving(tx, place) };
}

type Holder = Pick<Unexplained, "username" | "level" | "until" | "personId" | "personName">;

function entriesAt(place: PlaceRow, roles: readonly GivingRole[]) {
  return ({ username, personId, personName }: Holder, told: Parameters<typeof accessEntries>[1]): Entry[] =>
    accessEntries({ ...place, username, personId, personName, roles }, told);
}

function exceptionEnd({ keptUntil, level, until }: Unexplained): Pick<Entry, "before" | "after"> {
  return { before: { keptUntil: keptUntil?.toISOString() ?? null }, after: accessSeen({ level, until }) };
}

/**
 * Members whose access is not Daypass's doing. A change of ours, or a proof, of the last minute before the listing began
 * may not show in it yet: such accounts are left to the next listing.
 */
async function readUnexplained(tx: Tx, place: PlaceRow, { members, startedAt }: Listing): Promise<Unexplained[]> {
  const { id, connection, kind, target } = place;
  const listed = JSON.stringify(members.map(({ account, level, until }) => ({ ...account, level, until })));
  return tx.$queryRaw<Unexplained[]>`
    SELECT u.id, l."externalId", l.username, l.level, l.until, p.id AS "personId", p.name AS "personName",
      u.gone_at AS "goneAt", u.kept_until AS "keptUntil", u.kept_level AS "keptLevel"
    FROM jsonb_to_recordset(${listed}::jsonb) AS l("externalId" text, username text, level text, until text)
      LEFT JOIN unknown_access u ON u.place_id = ${id}::uuid AND u.external_id = l."externalId"
      LEFT JOIN provider_account a ON a.connection = ${connection} AND a.external_id = l."externalId"
      LEFT JOIN person p ON p.id = a.person_id
    WHERE NOT is_granted(${connection}, ${kind}, ${target}, l."externalId")
      AND (u.gone_at IS NULL OR u.gone_at < ${startedAt}::timestamptz - interval '1 minute')
      AND NOT EXISTS (SELECT 1 FROM binding b
        WHERE b.person_id = a.person_id AND b.connection = ${connection} AND b.kind = ${kind}
          AND lower(b.target) = lower(${target}) AND b.wrote_at > ${startedAt}::timestamptz - interval '1 minute')`;
}

async function writeSeen(tx: Tx, place: PlaceRow, rows: readonly Unexplained[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  const seen = JSON.stringify(
    rows.map(({ externalId, username, level, until }) => ({ id: newId(), externalId, username, level, until })),
  );
  await tx.$executeRaw`
    INSERT INTO unknown_access (id, place_id, external_id, username, level, until, found_at, seen_at)
    SELECT s.id, ${place.id}::uuid, s."externalId", s.username, s.level, s.until, ${now}, ${now}
    FROM jsonb_to_recordset(${seen}::jsonb)
      AS s(id uuid, "externalId" text, username text, level text, until text)
    ON CONFLICT (place_id, external_id) DO UPDATE SET username = EXCLUDED.username, level = EXCLUDED.level,
      until = EXCLUDED.until, seen_at = EXCLUDED.seen_at`;
}

/** As if it was found now: what was decided about it before does not hold any more. A removal that is under way does. */
async function writeAnew(tx: Tx, place: PlaceRow, rows: readonly Unexplained[], now: Date): Promise<void> {
  const ids = rows.map(({ externalId }) => externalId);
  await tx.$executeRaw`
    UPDATE unknown_access SET found_at = ${now}, kept_until = NULL, kept_level = NULL, kept_reason = NULL,
      kept_by_id = NULL,
      removal_asked_at = CASE WHEN gone_at IS NULL THEN removal_asked_at END,
      removal_reason = CASE WHEN gone_at IS NULL THEN removal_reason END,
      removal_cause_id = CASE WHEN gone_at IS NULL THEN removal_cause_id END, gone_at = NULL
    WHERE place_id = ${place.id}::uuid AND external_id = ANY(${ids})`;
}

async function writeGone(tx: Tx, ids: readonly string[], now: Date): Promise<Holder[]> {
  return tx.$queryRaw<Holder[]>`
    WITH gone AS (
      UPDATE unknown_access SET gone_at = ${now} WHERE id = ANY(${ids}::uuid[]) AND gone_at IS NULL
        AND removal_asked_at IS NULL RETURNING place_id, external_id, username, level, until
    )
    SELECT gone.username, gone.level, gone.until, p.id AS "personId", p.name AS "personName"
    FROM gone
      JOIN managed_place m ON m.id = gone.place_id
      LEFT JOIN provider_account a ON a.connection = m.connection AND a.external_id = gone.external_id
      LEFT JOIN person p ON p.id = a.person_id`;
}
