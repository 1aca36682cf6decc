import { randomBytes } from "node:crypto";
import type { Hono } from "hono";
import type { World } from "../world.ts";
import { projectOrThrow, requireAdmin, userOrThrow, type Call, type GitlabEnv } from "./context.ts";
import { tokenJson } from "./entities.ts";
import { MAINTAINER } from "./levels.ts";
import { addMember } from "./membership.ts";
import { readDate, readInteger, readText, requireParams } from "./params.ts";
import { levelOf } from "./reach.ts";
import { badParameters, forbidden } from "./refusals.ts";
import { createUser } from "./seed.ts";
import { nextId, type GitlabToken } from "./state.ts";

const WEEK_MS = 7 * 86_400_000;
const SCOPES = new Set(["api", "read_api", "self_rotate"]);

export function tokenRoutes(app: Hono<GitlabEnv>, world: World): void {
  app.get("/personal_access_tokens/self", (call) => call.json(tokenJson(call.get("token"))));

  // The old token dies with the answer that carries the new one.
  app.post("/personal_access_tokens/self/rotate", (call) => {
    const old = call.get("token");
    const inAWeek = new Date(world.clock.now().getTime() + WEEK_MS).toISOString().slice(0, 10);
    const expiresAt = readDate(call.get("params"), "expires_at") ?? inAWeek;
    for (const [secret, token] of world.gitlab.tokens) {
      if (token.id === old.id) world.gitlab.tokens.set(secret, { ...token, revoked: true });
    }
    const { userId, name, scopes } = old;
    return call.json(issue(world, { userId, name, scopes, expiresAt }));
  });

  app.post("/users/:id/personal_access_tokens", (call) => {
    requireAdmin(call);
    const params = call.get("params");
    requireParams(params, ["name", "scopes"]);
    const { id: userId } = userOrThrow(world, call.req.param("id"));
    return call.json(issue(world, { userId, ...tokenFromRequest(call) }), 201);
  });

  // A project's token belongs to a bot of its own, which is a member of that project.
  app.post("/projects/:id/access_tokens", (call) => {
    const params = call.get("params");
    requireParams(params, ["name", "scopes"]);
    const accessLevel = readInteger(params, "access_level") ?? MAINTAINER;
    const wanted = tokenFromRequest(call);
    const project = projectOrThrow(world, call);
    const mine = levelOf(world.gitlab, call.get("caller"), project);
    if (mine < MAINTAINER || accessLevel > mine) throw forbidden();

    const now = world.clock.now();
    const username = `project_${project.id}_bot_${randomBytes(8).toString("hex")}`;
    const bot = createUser(world.gitlab, { username, name: wanted.name, botOfProject: project.id }, now);
    const createdBy = call.get("caller").id;
    addMember(project, { userId: bot.id, accessLevel, expiresAt: wanted.expiresAt, createdBy }, now);
    return call.json({ ...issue(world, { userId: bot.id, ...wanted }), access_level: accessLevel }, 201);
  });
}

function tokenFromRequest(call: Call): Pick<GitlabToken, "name" | "scopes" | "expiresAt"> {
  const params = call.get("params");
  const given: unknown[] = Array.isArray(params["scopes"]) ? params["scopes"] : [params["scopes"]];
  const scopes = given.filter((scope) => typeof scope === "string");
  if (!scopes.every((scope) => SCOPES.has(scope))) throw badParameters(["scopes does not have a valid value"]);
  return { name: readText(params, "name") ?? "", scopes, expiresAt: readDate(params, "expires_at") ?? null };
}

function issue(world: World, given: Pick<GitlabToken, "userId" | "name" | "scopes" | "expiresAt">) {
  const secret = `glpat-${randomBytes(15).toString("base64url")}`;
  const token = { ...given, id: nextId(world.gitlab), createdAt: world.clock.now(), revoked: false };
  world.gitlab.tokens.set(secret, token);
  return { ...tokenJson(token), token: secret };
}
