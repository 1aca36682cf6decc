import { v7 as newId } from "uuid";
import { SYSTEM } from "../domain/actor.ts";
import type { Db, Tx } from "../db/client.ts";
import { databaseNow } from "../db/now.ts";
import { record } from "../db/record.ts";
import { CouldNotTell, type AccessProvider, type DirectoryGroup } from "../providers/provider.ts";
import { forgetAccounts, saveAccounts } from "./save-accounts.ts";

const BATCH = 200;

/**
 * Brings people, their accounts and the groups with their owners up to date from one provider. A listing that breaks off
 * throws before anything that was not listed is taken for missing.
 */
export async function syncDirectory(
  connection: string,
  provider: AccessProvider,
  { db, issuer }: { db: Db; issuer: string },
): Promise<void> {
  const startedAt = await databaseNow(db);
  for await (const accounts of batches(provider.listAccounts())) await saveAccounts(db, connection, issuer, accounts);
  let listsGroups = false;
  for await (const group of provider.listGroups()) {
    await saveGroup(db, connection, group, startedAt);
    listsGroups = true;
  }
  await forgetAccounts(db, connection, startedAt);
  if (listsGroups) await forgetGroups(db, connection, startedAt);
  else await refuseToLoseAllGroups(db, connection);
  await db.$executeRaw`
    UPDATE connection SET synced_at = daypass_now(), last_ok_at = daypass_now(), down_since = NULL, last_error = NULL
    WHERE name = ${connection}`;
}

/**
 * Who is in a group and owns it without Daypass. What a grant gives would show in the listing too, and its holder would
 * decide here: while somebody has a grant at this provider, and until a listing that began a minute after it was gone, the
 * listing can take their standing in a group away but not give them any.
 */
async function saveGroup(db: Db, connection: string, group: DirectoryGroup, startedAt: Date): Promise<void> {
  const members = JSON.stringify(group.members);
  await db.$transaction(async (tx) => {
    const now = await databaseNow(tx);
    await freePath(tx, connection, group);
    // Renamed at the provider: the roles that name it follow, because they go by our id.
    const [saved] = await tx.$queryRaw<[{ id: string; before: string[] }]>`
      INSERT INTO access_group (id, connection, external_id, path, name, synced_at)
      VALUES (${newId()}::uuid, ${connection}, ${group.externalId}, ${group.path}, ${group.name}, ${now})
      ON CONFLICT (connection, external_id) DO UPDATE SET path = EXCLUDED.path, name = EXCLUDED.name,
        synced_at = EXCLUDED.synced_at, missing_since = NULL
      RETURNING id, owners_of(id) AS before`;
    await tx.$executeRaw`
      WITH listed AS (
        SELECT a.person_id, m."isOwner" AND (NOT g.holds OR COALESCE(was.is_owner, false)) AS is_owner
        FROM jsonb_to_recordset(${members}::jsonb) AS m("externalId" text, "isOwner" bool)
          JOIN provider_account a ON a.connection = ${connection} AND a.external_id = m."externalId"
          LEFT JOIN group_member was ON was.group_id = ${saved.id}::uuid AND was.person_id = a.person_id
          CROSS JOIN LATERAL (SELECT EXISTS (
            SELECT 1 FROM binding b WHERE b.person_id = a.person_id AND b.connection = ${connection}
              AND (b.intended IS NOT NULL OR EXISTS (SELECT 1 FROM grant_binding gb
                WHERE gb.binding_id = b.id AND gb.gone_at > ${startedAt}::timestamptz - interval '1 minute'))) AS holds) g
        WHERE NOT g.holds OR was.person_id IS NOT NULL
      ), gone AS (
        DELETE FROM group_member
        WHERE group_id = ${saved.id}::uuid AND person_id NOT IN (SELECT person_id FROM listed)
      )
      INSERT INTO group_member (group_id, person_id, is_owner) SELECT ${saved.id}::uuid, person_id, is_owner FROM listed
      ON CONFLICT (group_id, person_id) DO UPDATE SET is_owner = EXCLUDED.is_owner
        WHERE group_member.is_owner <> EXCLUDED.is_owner`;
    const [after] = await tx.$queryRaw<[{ owners: string[] }]>`SELECT owners_of(${saved.id}::uuid) AS owners`;
    if (String(saved.before) === String(after.owners)) return;
    await record(tx, SYSTEM, now, [
      {
        kind: "group.owners-changed",
        about: { group: group.path },
        before: { owners: saved.before },
        after: { owners: after.owners },
      },
    ]);
  });
}

/**
 * A group is its external id: whoever makes a new one at the path of another must not get the roles of that. The other's
 * row steps aside, under words that no path can be; its own listing, or the end of the whole, says what became of it. Only
 * a row that never had an id is taken over by its path.
 */
async function freePath(tx: Tx, connection: string, { externalId, path }: DirectoryGroup): Promise<void> {
  await tx.$executeRaw`
    UPDATE access_group SET external_id = ${externalId}
    WHERE connection = ${connection} AND path = ${path} AND external_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM access_group WHERE connection = ${connection} AND external_id = ${externalId})`;
  await tx.$executeRaw`
    UPDATE access_group SET path = path || ' (earlier group ' || COALESCE(external_id, id::text) || ')'
    WHERE connection = ${connection} AND path = ${path} AND external_id IS DISTINCT FROM ${externalId}`;
}

/** Groups that the provider lists no more: nobody owns them and nobody is in them, so their last owners decide nothing. */
async function forgetGroups(db: Db, connection: string, startedAt: Date): Promise<void> {
  await db.$transaction(async (tx) => {
    const now = await databaseNow(tx);
    const gone = await tx.$queryRaw<{ id: string; path: string; owners: string[] }[]>`
      UPDATE access_group g SET missing_since = COALESCE(missing_since, ${startedAt})
      WHERE connection = ${connection} AND synced_at < ${startedAt} AND (missing_since IS NULL
        OR EXISTS (SELECT 1 FROM group_member m WHERE m.group_id = g.id))
      RETURNING id, path, owners_of(id) AS owners`;
    await tx.groupMember.deleteMany({ where: { groupId: { in: gone.map(({ id }) => id) } } });
    const owned = gone.filter(({ owners }) => owners.length > 0);
    const entries = owned.map(({ path, owners }) => ({
      kind: "group.owners-changed" as const,
      about: { group: path },
      why: `The group is gone from ${connection}`,
      before: { owners },
      after: { owners: [] },
    }));
    await record(tx, SYSTEM, now, entries);
  });
}

/** @throws CouldNotTell where groups are known: a token that sees none of them looks like a provider that has none. */
async function refuseToLoseAllGroups(db: Db, connection: string): Promise<void> {
  const known = await db.group.count({ where: { connection, missingSince: null, syncedAt: { not: null } } });
  if (known > 0) throw new CouldNotTell(`The list of groups of ${connection} is empty`);
}

async function* batches<T>(items: AsyncIterable<T>): AsyncIterable<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
