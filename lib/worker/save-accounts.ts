import { v7 as newId } from "uuid";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import type { DirectoryAccount } from "../providers/provider.ts";

/** Whether something of ours is, or may be, at the provider for the account that is `linked`. */
const holdsAccess = Prisma.sql`EXISTS (SELECT 1 FROM binding b
  WHERE b.person_id = linked.person_id AND b.connection = linked.connection AND b.intended IS NOT NULL)`;

/**
 * Links the listed accounts with people. An account that carries the identity provider's subject is that person, known
 * here or not. One without it is linked once, with the only person who bears its user name and has no account there, and
 * stays theirs: people can rename themselves at an identity provider, and must not take another's account with it. An
 * e-mail address never counts. Where we still hold access for somebody the link stays until that is taken back.
 */
export async function saveAccounts(
  db: Db,
  connection: string,
  issuer: string,
  accounts: readonly DirectoryAccount[],
): Promise<void> {
  const active = accounts.filter((account) => account.active);
  const rows = JSON.stringify(active.map((account) => ({ ...account, id: newId() })));
  await db.$transaction([
    db.$executeRaw`
      INSERT INTO person (id, issuer, subject, email, name, username)
      SELECT a.id, ${issuer}, a.subject, COALESCE(a.email, ''), a.name, a.username
      FROM jsonb_to_recordset(${rows}::jsonb) AS a(id uuid, subject text, email text, name text, username text)
      WHERE a.subject IS NOT NULL
      ON CONFLICT (issuer, subject) DO NOTHING`,
    // Before their ids were kept, IAM users were known by their names.
    db.$executeRaw`
      UPDATE provider_account linked SET external_id = a."externalId"
      FROM jsonb_to_recordset(${rows}::jsonb) AS a("externalId" text, username text), connection c
      WHERE linked.connection = ${connection} AND c.name = linked.connection AND c.provider = 'aws'
        AND linked.external_id = a.username AND linked.username = a.username AND a."externalId" <> a.username`,
    // The provider says now that the account is someone else's, or that the person has another one.
    db.$executeRaw`
      DELETE FROM provider_account linked
      USING jsonb_to_recordset(${rows}::jsonb) AS a("externalId" text, subject text), person p
      WHERE linked.connection = ${connection} AND p.issuer = ${issuer} AND p.subject = a.subject
        AND (linked.external_id = a."externalId") <> (linked.person_id = p.id) AND NOT ${holdsAccess}`,
    db.$executeRaw`
      UPDATE provider_account linked SET username = a.username, seen_at = daypass_now()
      FROM jsonb_to_recordset(${rows}::jsonb) AS a("externalId" text, username text)
      WHERE linked.connection = ${connection} AND linked.external_id = a."externalId"`,
    db.$executeRaw`
      INSERT INTO provider_account (person_id, connection, external_id, username, seen_at)
      SELECT p.id, ${connection}, a."externalId", a.username, daypass_now()
      FROM jsonb_to_recordset(${rows}::jsonb) AS a("externalId" text, subject text, username text)
        JOIN person p ON p.issuer = ${issuer}
          AND CASE WHEN a.subject IS NULL THEN p.username = a.username ELSE p.subject = a.subject END
      WHERE a.subject IS NOT NULL
        OR (SELECT count(*) FROM person other WHERE other.issuer = ${issuer} AND other.username = a.username) = 1
      ON CONFLICT DO NOTHING`,
  ]);
}

/** Forgets accounts that were not listed since `startedAt`. */
export async function forgetAccounts(db: Db, connection: string, startedAt: Date): Promise<void> {
  await db.$executeRaw`
    DELETE FROM provider_account linked
    WHERE linked.connection = ${connection} AND linked.seen_at < ${startedAt} AND NOT ${holdsAccess}`;
}
