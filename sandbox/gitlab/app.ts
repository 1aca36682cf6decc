import { Hono } from "hono";
import type { World } from "../world.ts";
import { accessRequestRoutes } from "./access-requests.ts";
import { authenticate } from "./authenticate.ts";
import type { GitlabEnv } from "./context.ts";
import { groupRoutes } from "./groups.ts";
import { memberRoutes } from "./members.ts";
import { sweepIfDue } from "./nightly-sweep.ts";
import { readParams } from "./params.ts";
import { projectRoutes } from "./projects.ts";
import { Refusal } from "./refusals.ts";
import { shareRoutes } from "./shares.ts";
import { throttle } from "./throttle.ts";
import { tokenRoutes } from "./tokens.ts";
import { userRoutes } from "./users.ts";

/** GitLab's REST API v4, as far as members, groups, projects, shares, users and tokens go. */
export function gitlabApp(world: World): Hono<GitlabEnv> {
  const app = new Hono<GitlabEnv>().basePath("/gitlab/api/v4");

  app.use(async (call, next) => {
    sweepIfDue(world.gitlab, world.clock.now());
    authenticate(world, call);
    throttle(world, call);
    call.set("params", await readParams(call.req));
    await next();
  });
  app.onError((error, call) => {
    if (!(error instanceof Refusal)) throw error;
    if (typeof error.body === "string") return call.text(error.body, error.status);
    return call.json(error.body, error.status);
  });
  app.notFound((call) => call.json({ error: "404 Not Found" }, 404));

  app.get("/version", (call) =>
    call.json({ version: `${world.limits.settings.gitlabVersion}.0`, revision: "5a4db0c" }),
  );
  userRoutes(app, world);
  tokenRoutes(app, world);
  groupRoutes(app, world);
  projectRoutes(app, world);
  for (const kind of ["groups", "projects"] as const) {
    memberRoutes(app, world, kind);
    shareRoutes(app, world, kind);
    accessRequestRoutes(app, world, kind);
  }
  return app;
}
