import { v7 as newId } from "uuid";
import type { Adapter, AdapterUser } from "next-auth/adapters";
import type { Db } from "../db/client.ts";
import { hashToken } from "./hash-token.ts";

/**
 * next-auth's view of our people and sessions. A person is found by issuer and subject and by nothing else; sign-in itself
 * makes and updates them (`admitPerson`) before next-auth asks, so nothing here creates a person.
 */
export function daypassAdapter(db: Db, issuer: string): Adapter {
  return {
    createUser: () => {
      throw new Error("a person is admitted before next-auth asks for one");
    },
    getUser: async (id) => asUser(await db.person.findUnique({ where: { id } })),
    // Never by e-mail: whoever controls an address must not become the person who had it.
    getUserByEmail: () => null,
    getUserByAccount: async ({ providerAccountId: subject }) =>
      asUser(await db.person.findUnique({ where: { issuer_subject: { issuer, subject } } })),
    updateUser: async ({ id }) => {
      const person = await db.person.findUniqueOrThrow({ where: { id } });
      return { id: person.id, email: person.email, name: person.name, emailVerified: null };
    },
    linkAccount: () => undefined,
    createSession: async ({ sessionToken, userId, expires }) => {
      await db.$executeRaw`
        DELETE FROM session WHERE person_id = ${userId}::uuid AND expires < clock_timestamp()`;
      await db.session.create({ data: { id: newId(), tokenHash: hashToken(sessionToken), personId: userId, expires } });
      return { sessionToken, userId, expires };
    },
    getSessionAndUser: async (sessionToken) => {
      const session = await db.session.findUnique({
        where: { tokenHash: hashToken(sessionToken) },
        include: { person: true },
      });
      const user = asUser(session?.person ?? null);
      return session && user ? { session: { sessionToken, userId: user.id, expires: session.expires }, user } : null;
    },
    // Sessions are not prolonged: who signed in twelve hours ago signs in again.
    updateSession: () => null,
    deleteSession: async (sessionToken) => {
      await db.session.deleteMany({ where: { tokenHash: hashToken(sessionToken) } });
    },
  };
}

type PersonRow = { id: string; email: string; name: string; deactivatedAt: Date | null };

function asUser(person: PersonRow | null): AdapterUser | null {
  if (!person || person.deactivatedAt) return null;
  return { id: person.id, email: person.email, name: person.name, emailVerified: null };
}
