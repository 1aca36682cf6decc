import { expect } from "vitest";
import { approveRequest } from "../lib/usecases/approve-request.ts";
import { releaseGrant } from "../lib/usecases/release-grant.ts";
import { submitRequest } from "../lib/usecases/submit-request.ts";
import { eventually, type Stage } from "./daypass.ts";

/**
 * Maya, who signed in before, asks because of `justification`, Omar approves, the worker sets it up, she is done, and it is
 * proved gone. Gives the request's id.
 */
export async function mayasAccessThatWent({ db }: Stage, justification: string): Promise<string> {
  const actor = async (username: string) => {
    const { id, name } = await db.person.findFirstOrThrow({ where: { username } });
    return { personId: id, name, isAdmin: false, isAuditor: false, via: "web" } as const;
  };
  const [maya, omar] = [await actor("maya"), await actor("omar")];
  const asked = { roleSlug: "payments-maintainer", minutes: 30, justification };
  // Refused until the directory knows her accounts.
  await eventually(async () => {
    await submitRequest(maya, asked, { db });
  });
  const { id } = await db.accessRequest.findFirstOrThrow({ where: { requesterId: maya.personId } });
  await approveRequest(omar, { requestId: id }, { db });
  const stateOf = async () => (await db.grant.findFirstOrThrow({ where: { requestId: id } })).state;
  await eventually(async () => expect(await stateOf()).toBe("ACTIVE"));
  const grant = await db.grant.findFirstOrThrow({ where: { requestId: id } });
  await releaseGrant(maya, { grantId: grant.id }, { db });
  await eventually(async () => expect(await stateOf()).toBe("REVOKED"));
  return id;
}
