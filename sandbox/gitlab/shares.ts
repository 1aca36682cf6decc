import type { Hono } from "hono";
import type { World } from "../world.ts";
import { groupOrThrow, sourceOrThrow, type Call, type GitlabEnv, type SourceKind } from "./context.ts";
import { groupDetails } from "./entities.ts";
import { levelsOf, MAINTAINER, OWNER } from "./levels.ts";
import { readDate, readInteger, requireParams } from "./params.ts";
import { levelOf } from "./reach.ts";
import { badParameters, conflict, forbidden, notFound, Refusal } from "./refusals.ts";
import type { MemberSource } from "./state.ts";

/** Giving a whole group access to another group or a project. There is no change of a share: delete it and add it. */
export function shareRoutes(app: Hono<GitlabEnv>, world: World, kind: SourceKind): void {
  app.post(`/${kind}/:id/share`, (call) => {
    const params = call.get("params");
    requireParams(params, ["group_id", "group_access"]);
    const groupId = readInteger(params, "group_id") ?? 0;
    const accessLevel = readInteger(params, "group_access") ?? 0;
    const expiresAt = readDate(params, "expires_at") ?? null;
    if (!levelsOf(world.limits.settings.gitlabVersion).includes(accessLevel)) {
      throw badParameters(["group_access does not have a valid value"]);
    }

    const source = sourceOrThrow(world, call, kind);
    const invited = groupOrThrow(world, call, String(groupId));
    if (!mayShare(world, call, source)) throw source.kind === "group" ? notFound("Group") : forbidden();
    if (source.shares.has(invited.id) || source.id === invited.id) {
      throw conflict("The group has already been shared with this group");
    }

    source.shares.set(invited.id, { groupId: invited.id, accessLevel, expiresAt });
    if (source.kind === "group") return call.json(groupDetails(world, call, source), 201);
    const link = { id: invited.id, project_id: source.id, group_id: invited.id, group_access: accessLevel };
    return call.json({ ...link, expires_at: expiresAt }, 201);
  });

  app.delete(`/${kind}/:id/share/:group_id`, (call) => {
    const source = sourceOrThrow(world, call, kind);
    const groupId = readInteger({ group_id: call.req.param("group_id") }, "group_id") ?? 0;
    if (!source.shares.has(groupId)) throw new Refusal(404, { message: "404 Not Found" });
    // GitLab answers 204 here even to someone who may not, and leaves the share of a group where it is.
    if (mayShare(world, call, source)) source.shares.delete(groupId);
    else if (source.kind === "project") throw forbidden();
    return call.body(null, 204);
  });
}

function mayShare(world: World, call: Call, source: MemberSource): boolean {
  const needed = source.kind === "group" ? OWNER : MAINTAINER;
  return levelOf(world.gitlab, call.get("caller"), source) >= needed;
}
