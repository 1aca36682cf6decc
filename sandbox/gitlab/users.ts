import type { Hono } from "hono";
import type { World } from "../world.ts";
import { requireAdmin, userOrThrow, type Call, type GitlabEnv } from "./context.ts";
import { userBasic, userFull } from "./entities.ts";
import { paginate } from "./paginate.ts";
import { readBoolean, readInteger, readText, requireParams } from "./params.ts";
import { badParameters, conflict, forbidden } from "./refusals.ts";
import { createUser } from "./seed.ts";
import type { GitlabUser } from "./state.ts";

export function userRoutes(app: Hono<GitlabEnv>, world: World): void {
  app.get("/user", (call) => call.json(userFull(call, call.get("caller"))));
  app.get("/users", (call) => paginate(call, selected(world, call), (user) => shown(call, user)));
  app.get("/users/:id", (call) => call.json(shown(call, userOrThrow(world, call.req.param("id")))));

  app.post("/users", (call) => {
    requireAdmin(call);
    const params = call.get("params");
    requireParams(params, ["email", "name", "username"]);
    const [username, email, name] = ["username", "email", "name"].map((key) => readText(params, key) ?? "");
    if (username === undefined || email === undefined || name === undefined) throw forbidden();
    const others = [...world.gitlab.users.values()];
    if (others.some((user) => user.username === username)) throw conflict("Username has already been taken");
    if (others.some((user) => user.email === email)) throw conflict("Email has already been taken");
    const user = createUser(world.gitlab, { username, email, name }, world.clock.now());
    return call.json(userFull(call, user), 201);
  });

  app.get("/users/:id/memberships", (call) => {
    requireAdmin(call);
    const user = userOrThrow(world, call.req.param("id"));
    const places = [...world.gitlab.groups.values(), ...world.gitlab.projects.values()];
    const rows = places.flatMap(({ id, name, kind, members }) => {
      const member = members.get(user.id);
      const type = kind === "group" ? "Namespace" : "Project";
      return member ? [{ source_id: id, source_name: name, source_type: type, access_level: member.accessLevel }] : [];
    });
    return paginate(call, rows, (row) => row);
  });

  // A blocked user keeps every membership and can use none of them.
  for (const [verb, state] of [
    ["block", "blocked"],
    ["unblock", "active"],
  ] as const) {
    app.post(`/users/:id/${verb}`, (call) => {
      requireAdmin(call);
      userOrThrow(world, call.req.param("id")).state = state;
      return call.json(true, 201);
    });
  }
}

/** Narrowed by `username`, `search`, `extern_uid` with `provider` (administrators only), `active` and `blocked`. */
function selected(world: World, call: Call): GitlabUser[] {
  const params = call.get("params");
  const username = readText(params, "username")?.toLowerCase();
  const search = readText(params, "search")?.toLowerCase();
  const externUid = readText(params, "extern_uid");
  const provider = readText(params, "provider");
  if ((externUid === undefined) !== (provider === undefined)) {
    throw badParameters(["extern_uid, provider provide all or none of parameters"]);
  }
  if (externUid !== undefined) requireAdmin(call);
  const isOnly = { active: readBoolean(params, "active"), blocked: readBoolean(params, "blocked") };
  const isAscending = readText(params, "sort") === "asc";
  const idAfter = readInteger(params, "id_after") ?? 0;

  return [...world.gitlab.users.values()]
    .filter((user) => user.id > idAfter)
    .filter((user) => username === undefined || user.username.toLowerCase() === username)
    .filter((user) => search === undefined || isFoundBy(user, search))
    .filter((user) => externUid === undefined || hasIdentity(user, provider, externUid))
    .filter(({ state }) => (!isOnly.active || state === "active") && (!isOnly.blocked || state === "blocked"))
    .sort((a, b) => (isAscending ? a.id - b.id : b.id - a.id));
}

/** A name or user name may be found by a part of it, a private e-mail address only as a whole. */
function isFoundBy(user: GitlabUser, search: string): boolean {
  if (user.email.toLowerCase() === search) return true;
  return [user.username, user.name].some((text) => text.toLowerCase().includes(search));
}

function hasIdentity(user: GitlabUser, provider: string | undefined, externUid: string): boolean {
  return user.identities.some((each) => each.provider === provider && each.extern_uid === externUid);
}

function shown(call: Call, user: GitlabUser) {
  return call.get("caller").isAdmin ? userFull(call, user) : userBasic(call, user);
}
