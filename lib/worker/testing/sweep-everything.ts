import { SYSTEM } from "../../domain/actor.ts";
import type { Deps } from "../deps.ts";
import { expireRequests } from "../expire-requests.ts";
import { sweepDue } from "../sweep.ts";

/** What the worker's rounds find due, at every connection at once. Gives how many bindings were looked at. */
export async function sweepEverything(deps: Deps): Promise<number> {
  await expireRequests(SYSTEM, deps);
  const connections = await deps.db.connection.findMany({ select: { name: true } });
  const looked = await Promise.all(connections.map(({ name }) => sweepDue(name, deps)));
  return looked.reduce((sum, count) => sum + count, 0);
}
