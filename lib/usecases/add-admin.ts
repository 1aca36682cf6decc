import type { HostActor } from "../domain/actor.ts";
import { Refused } from "../domain/refusals.ts";
import type { Db } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { databaseNow } from "../db/now.ts";
import { record } from "../db/record.ts";

/** Somebody with a shell on the host names an admin, by e-mail address or identity-provider subject. */
export async function addAdmin(
  actor: HostActor,
  input: { readonly email?: string; readonly subject?: string },
  { db }: { db: Db },
): Promise<{ name: string }> {
  const { email, subject } = input;
  if (email === undefined && subject === undefined) throw new Refused("person-unknown");
  return durably(db, async (tx) => {
    const people = await tx.person.findMany({
      where: {
        ...(email === undefined ? {} : { email }),
        ...(subject === undefined ? {} : { subject }),
        deactivatedAt: null,
      },
      take: 2,
    });
    const [person] = people;
    if (!person || people.length > 1) throw new Refused("person-unknown", "email");
    await tx.person.update({ where: { id: person.id }, data: { hostAdmin: true, isAdmin: true } });
    await record(tx, actor, await databaseNow(tx), [
      {
        kind: "person.roles-changed",
        about: { person: person.name },
        personId: person.id,
        before: { isAdmin: person.isAdmin, isAuditor: person.isAuditor },
        after: { isAdmin: true, isAuditor: person.isAuditor },
      },
    ]);
    return { name: person.name };
  });
}
