import type { Hono } from "hono";
import type { World } from "../world.ts";
import { sourceOrThrow, type GitlabEnv, type SourceKind } from "./context.ts";
import { userBasic } from "./entities.ts";
import { MAINTAINER } from "./levels.ts";
import { paginate } from "./paginate.ts";
import { levelOf } from "./reach.ts";
import { badRequest, forbidden } from "./refusals.ts";

/** People may ask GitLab itself for access. A requester is not a member until somebody adds them. */
export function accessRequestRoutes(app: Hono<GitlabEnv>, world: World, kind: SourceKind): void {
  app.get(`/${kind}/:id/access_requests`, (call) => {
    const source = sourceOrThrow(world, call, kind);
    if (levelOf(world.gitlab, call.get("caller"), source) < MAINTAINER) throw forbidden();
    const users = [...source.requesters].flatMap((id) => world.gitlab.users.get(id) ?? []);
    return paginate(call, users, (user) => userBasic(call, user));
  });

  app.post(`/${kind}/:id/access_requests`, (call) => {
    const source = sourceOrThrow(world, call, kind);
    const caller = call.get("caller");
    if (source.members.has(caller.id) || source.requesters.has(caller.id)) throw badRequest();
    source.requesters.add(caller.id);
    return call.json({ ...userBasic(call, caller), requested_at: world.clock.now() }, 201);
  });
}
