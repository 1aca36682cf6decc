import { Conflict } from "../domain/refusals.ts";
import type { RequestState } from "../domain/request.ts";
import type { Tx } from "./client.ts";

/** Compare-and-set with the state that was judged: the slower of two people loses. @throws Conflict */
export async function moveRequest(
  tx: Tx,
  seen: { readonly id: string; readonly state: RequestState; readonly revision: number },
  to: RequestState,
  now: Date,
): Promise<void> {
  const { count } = await tx.accessRequest.updateMany({
    where: { id: seen.id, state: seen.state, revision: seen.revision },
    data: { state: to, revision: { increment: 1 }, ...(to === "PENDING" ? {} : { closedAt: now }) },
  });
  if (count !== 1) throw new Conflict("request");
}
