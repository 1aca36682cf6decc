import { v7 as newId } from "uuid";
import type { Db } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { databaseNow } from "../db/now.ts";
import { record } from "../db/record.ts";

/** What the identity provider says of somebody who signs in. */
export type Claims = {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string;
  readonly name: string;
  readonly username: string;
  readonly groups: readonly string[];
};

/** Which groups and subjects of the identity provider make admins and auditors. */
export type Promotion = {
  readonly adminGroups: readonly string[];
  readonly auditorGroups: readonly string[];
  readonly adminSubjects: readonly string[];
};

/**
 * Finds the person by issuer and subject, or makes them, and brings their names and portal roles up to date. The roles
 * follow the identity provider at every sign-in; only an admin named on the host stays one without it.
 * @returns null for a deactivated person, of whom nothing is changed
 */
export async function admitPerson(db: Db, claims: Claims, promotion: Promotion): Promise<{ id: string } | null> {
  const { issuer, subject, email, name, username } = claims;
  return durably(db, async (tx) => {
    const now = await databaseNow(tx);
    const before = await tx.person.findUnique({ where: { issuer_subject: { issuer, subject } } });
    if (before?.deactivatedAt) return null;
    const isAdmin = (before?.hostAdmin ?? false) || isPromoted(claims, promotion);
    const isAuditor = claims.groups.some((group) => promotion.auditorGroups.includes(group));
    const names = { email, name, username, isAdmin, isAuditor };
    const person = await tx.person.upsert({
      where: { issuer_subject: { issuer, subject } },
      create: { id: newId(), issuer, subject, ...names, createdAt: now },
      update: names,
    });
    const actor = { personId: person.id, name, isAdmin, isAuditor, via: "sign-in" } as const;
    const roles = { isAdmin, isAuditor };
    if (!before)
      await record(tx, actor, now, [
        { kind: "person.joined", about: { person: name }, personId: person.id, after: roles },
      ]);
    else if (before.isAdmin !== isAdmin || before.isAuditor !== isAuditor)
      await record(tx, actor, now, [
        {
          kind: "person.roles-changed",
          about: { person: name },
          personId: person.id,
          before: { isAdmin: before.isAdmin, isAuditor: before.isAuditor },
          after: roles,
        },
      ]);
    return { id: person.id };
  });
}

function isPromoted({ subject, groups }: Claims, { adminGroups, adminSubjects }: Promotion): boolean {
  return adminSubjects.includes(subject) || groups.some((group) => adminGroups.includes(group));
}
