import type { Hono } from "hono";
import type { World } from "../world.ts";
import { projectOrThrow, type GitlabEnv } from "./context.ts";
import { projectJson } from "./entities.ts";
import { readVisibility } from "./groups.ts";
import { MAINTAINER } from "./levels.ts";
import { paginate } from "./paginate.ts";
import { readBoolean, readInteger, readText, requireParams } from "./params.ts";
import { createProject, findPlace } from "./places.ts";
import { levelOf, maySee, memberLevelOf } from "./reach.ts";
import { forbidden, invalidRow, notFound } from "./refusals.ts";

export function projectRoutes(app: Hono<GitlabEnv>, world: World): void {
  app.get("/projects", (call) => {
    const params = call.get("params");
    const caller = call.get("caller");
    const search = readText(params, "search")?.toLowerCase() ?? "";
    const isMemberOnly = readBoolean(params, "membership");
    const rows = [...world.gitlab.projects.values()]
      .filter((project) => maySee(world.gitlab, caller, project))
      .filter((project) => [project.name, project.path].some((text) => text.toLowerCase().includes(search)))
      .filter((project) => !isMemberOnly || memberLevelOf(world.gitlab, caller, project) > 0)
      .sort((a, b) => b.id - a.id);
    return paginate(call, rows, (project) => projectJson(world, call, project));
  });

  app.get("/projects/:id", (call) => call.json(projectJson(world, call, projectOrThrow(world, call))));

  app.post("/projects", (call) => {
    const params = call.get("params");
    requireParams(params, ["name", "namespace_id"]);
    const parent = world.gitlab.groups.get(readInteger(params, "namespace_id") ?? 0);
    if (parent === undefined || !maySee(world.gitlab, call.get("caller"), parent)) throw notFound("Group");
    if (levelOf(world.gitlab, call.get("caller"), parent) < MAINTAINER) throw forbidden();

    const name = readText(params, "name") ?? "";
    const path = readText(params, "path") ?? name.toLowerCase().replaceAll(" ", "-");
    if (findPlace(world.gitlab.projects, `${parent.fullPath}/${path}`)) {
      throw invalidRow({ path: ["has already been taken"] });
    }
    const place = { name, path, parent, visibility: readVisibility(call) };
    return call.json(projectJson(world, call, createProject(world.gitlab, place, world.clock.now())), 201);
  });
}
