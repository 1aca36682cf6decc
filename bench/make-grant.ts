import type { Db } from "../lib/db/client.ts";
import type { Actor } from "../lib/domain/actor.ts";
import { approveRequest } from "../lib/usecases/approve-request.ts";
import { submitRequest } from "../lib/usecases/submit-request.ts";
import type { Filled } from "./fill.ts";

const AT_ONCE = 8;

/** One person asks, the owner of the role approves. Gives the grant's id. */
export async function makeGrant(
  db: Db,
  person: Filled["people"][number],
  role: Filled["roles"][number],
): Promise<string> {
  const asked = { roleSlug: role.slug, minutes: 480, justification: "bench" };
  const { id } = await submitRequest(actor(person.id), asked, { db });
  const approved = await approveRequest(actor(role.ownerId), { requestId: id }, { db });
  if (approved.state !== "APPROVED") throw new Error("one approval is enough here");
  return approved.grantId;
}

function actor(personId: string): Actor {
  return { personId, name: "Bench", isAdmin: false, isAuditor: false, via: "api" };
}

/** Does the work for 0 to `count` - 1, several at once. */
export async function inLanes(count: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
