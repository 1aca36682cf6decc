import type { Hono } from "hono";
import type { World } from "../world.ts";
import { groupOrThrow, type Call, type GitlabEnv } from "./context.ts";
import { groupDetails, groupJson, projectJson } from "./entities.ts";
import { OWNER } from "./levels.ts";
import { addMember } from "./membership.ts";
import { paginate } from "./paginate.ts";
import { readBoolean, readInteger, readText, requireParams } from "./params.ts";
import { createGroup, deleteGroup, findPlace, placesBelow, renameGroup } from "./places.ts";
import { levelOf, maySee, memberLevelOf } from "./reach.ts";
import { badParameters, forbidden, notFound, Refusal } from "./refusals.ts";
import type { GitlabGroup, Visibility } from "./state.ts";

export function groupRoutes(app: Hono<GitlabEnv>, world: World): void {
  const pageOf = (call: Call, groups: readonly GitlabGroup[]) =>
    paginate(call, selected(world, call, groups), (group) => groupJson(world, call, group));

  app.get("/groups", (call) => pageOf(call, [...world.gitlab.groups.values()]));
  app.get("/groups/:id", (call) => call.json(groupDetails(world, call, groupOrThrow(world, call))));
  app.get("/groups/:id/subgroups", (call) => {
    const { id } = groupOrThrow(world, call);
    return pageOf(
      call,
      [...world.gitlab.groups.values()].filter(({ parentId }) => parentId === id),
    );
  });
  app.get("/groups/:id/descendant_groups", (call) => {
    const below = placesBelow(world.gitlab, groupOrThrow(world, call));
    return pageOf(
      call,
      below.filter((place) => place.kind === "group"),
    );
  });
  app.get("/groups/:id/groups/shared", (call) => {
    const { id } = groupOrThrow(world, call);
    return pageOf(
      call,
      [...world.gitlab.groups.values()].filter(({ shares }) => shares.has(id)),
    );
  });
  app.get("/groups/:id/invited_groups", (call) => {
    const { shares } = groupOrThrow(world, call);
    return pageOf(
      call,
      [...shares.keys()].flatMap((id) => world.gitlab.groups.get(id) ?? []),
    );
  });
  app.get("/groups/:id/projects", (call) => {
    const group = groupOrThrow(world, call);
    const isDeep = readBoolean(call.get("params"), "include_subgroups");
    const projects = placesBelow(world.gitlab, group).filter((place) => place.kind === "project");
    const rows = projects.filter(
      (project) => (isDeep || project.parentId === group.id) && maySee(world.gitlab, call.get("caller"), project),
    );
    return paginate(call, rows, (project) => projectJson(world, call, project));
  });

  app.post("/groups", (call) => call.json(groupDetails(world, call, groupFromRequest(world, call)), 201));
  app.put("/groups/:id", (call) => {
    const group = groupOrThrow(world, call);
    if (levelOf(world.gitlab, call.get("caller"), group) < OWNER) throw forbidden();
    const path = readText(call.get("params"), "path") ?? group.path;
    const parent = group.parentId === null ? undefined : world.gitlab.groups.get(group.parentId);
    if (path !== group.path) requireFreePath(world, path, parent ?? null);
    renameGroup(world.gitlab, group, path);
    return call.json(groupDetails(world, call, group));
  });
  app.delete("/groups/:id", (call) => {
    const group = groupOrThrow(world, call);
    if (levelOf(world.gitlab, call.get("caller"), group) < OWNER) throw forbidden();
    deleteGroup(world.gitlab, group);
    return call.json({ message: "202 Accepted" }, 202);
  });
}

/** What the caller may see, narrowed by `search`, `owned`, `min_access_level` and `top_level_only`, by name. */
function selected(world: World, call: Call, groups: readonly GitlabGroup[]): GitlabGroup[] {
  const params = call.get("params");
  const caller = call.get("caller");
  const search = readText(params, "search")?.toLowerCase() ?? "";
  const owned = readBoolean(params, "owned") ? OWNER : 0;
  const minimum = Math.max(owned, readInteger(params, "min_access_level") ?? 0);
  const isTopOnly = readBoolean(params, "top_level_only");
  return groups
    .filter((group) => maySee(world.gitlab, caller, group))
    .filter((group) => [group.name, group.fullPath].some((text) => text.toLowerCase().includes(search)))
    .filter((group) => minimum === 0 || memberLevelOf(world.gitlab, caller, group) >= minimum)
    .filter((group) => !isTopOnly || group.parentId === null)
    .sort((a, b) => a.name.localeCompare(b.name) || a.id - b.id);
}

function groupFromRequest(world: World, call: Call): GitlabGroup {
  const params = call.get("params");
  requireParams(params, ["name", "path"]);
  const caller = call.get("caller");
  const path = readText(params, "path") ?? "";
  const parent = parentFromRequest(world, call);
  if (parent && levelOf(world.gitlab, caller, parent) < OWNER) throw forbidden();
  requireFreePath(world, path, parent);

  const now = world.clock.now();
  const name = readText(params, "name") ?? path;
  const description = readText(params, "description") ?? "";
  const membershipLock = readBoolean(params, "membership_lock");
  const place = { name, path, parent, description, visibility: readVisibility(call), membershipLock };
  const group = createGroup(world.gitlab, place, now);
  addMember(group, { userId: caller.id, accessLevel: OWNER, expiresAt: null, createdBy: caller.id }, now);
  return group;
}

function requireFreePath(world: World, path: string, parent: GitlabGroup | null): void {
  if (!/^[a-zA-Z0-9_][a-zA-Z0-9_.-]*$/.test(path)) throw notSaved("is invalid");
  if (findPlace(world.gitlab.groups, parent ? `${parent.fullPath}/${path}` : path))
    throw notSaved("has already been taken");
}

function parentFromRequest(world: World, call: Call): GitlabGroup | null {
  const parentId = readInteger(call.get("params"), "parent_id");
  if (parentId === undefined) return null;
  const parent = world.gitlab.groups.get(parentId);
  if (parent === undefined || !maySee(world.gitlab, call.get("caller"), parent)) throw notFound("Group");
  return parent;
}

export function readVisibility(call: Call): Visibility {
  const value = readText(call.get("params"), "visibility") ?? "private";
  if (value === "private" || value === "internal" || value === "public") return value;
  throw badParameters(["visibility does not have a valid value"]);
}

function notSaved(problem: string): Refusal {
  return new Refusal(400, { message: `Failed to save group {:path=>["${problem}"]}` });
}
