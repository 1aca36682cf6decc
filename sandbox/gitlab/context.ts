import type { Context } from "hono";
import type { World } from "../world.ts";
import type { Params } from "./params.ts";
import { findPlace } from "./places.ts";
import { maySee } from "./reach.ts";
import { forbidden, notFound } from "./refusals.ts";
import type { GitlabGroup, GitlabProject, GitlabToken, GitlabUser, MemberSource } from "./state.ts";

/** What every handler finds in its context. */
export type GitlabEnv = { Variables: { caller: GitlabUser; token: GitlabToken; params: Params } };
export type Call = Context<GitlabEnv>;
export type SourceKind = "groups" | "projects";

/** The group or project that `:id` names, or 404 when it does not exist or the caller may not know of it. */
export function sourceOrThrow(world: World, call: Call, kind: SourceKind): MemberSource {
  return kind === "groups" ? groupOrThrow(world, call) : projectOrThrow(world, call);
}

export function groupOrThrow(world: World, call: Call, id = call.req.param("id") ?? ""): GitlabGroup {
  const group = findPlace(world.gitlab.groups, id);
  if (group === undefined || !maySee(world.gitlab, call.get("caller"), group)) throw notFound("Group");
  return group;
}

export function projectOrThrow(world: World, call: Call): GitlabProject {
  const project = findPlace(world.gitlab.projects, call.req.param("id") ?? "");
  if (project === undefined || !maySee(world.gitlab, call.get("caller"), project)) throw notFound("Project");
  return project;
}

export function userOrThrow(world: World, id: string): GitlabUser {
  const user = /^\d+$/.test(id) ? world.gitlab.users.get(Number(id)) : undefined;
  if (user === undefined) throw notFound("User");
  return user;
}

export function requireAdmin(call: Call): void {
  if (!call.get("caller").isAdmin) throw forbidden();
}
