import type { Hono } from "hono";
import type { World } from "../world.ts";
import { sourceOrThrow, type Call, type GitlabEnv, type SourceKind } from "./context.ts";
import { memberJson } from "./entities.ts";
import { addFromRequest, judgeChange, requireMayManage } from "./manage-members.ts";
import { changeMember, removeMember } from "./membership.ts";
import { paginate } from "./paginate.ts";
import { readBoolean, readDate, readInteger, readIntegers, readText, requireParams } from "./params.ts";
import { everyoneWithAccess, levelOf, maySee, maySeeMembers, type Reach } from "./reach.ts";
import { forbidden, noSuchRow, preconditionFailed } from "./refusals.ts";
import type { Member, MemberSource } from "./state.ts";
import { throttleDelete } from "./throttle.ts";

export function memberRoutes(app: Hono<GitlabEnv>, world: World, kind: SourceKind): void {
  app.get(`/${kind}/:id/members`, (call) => {
    const source = visibleSource(world, call, kind);
    const rows = matching(world, call, [...source.members.values()], (member) => member.userId);
    return paginate(call, rows, (member) => memberJson(world, call, member, member.accessLevel));
  });

  app.get(`/${kind}/:id/members/all`, (call) => {
    const source = visibleSource(world, call, kind);
    const rows = matching(world, call, reachesSeenBy(world, call, source), ({ member }) => member.userId);
    return paginate(call, rows, (reach) => reachJson(world, call, source, reach));
  });

  app.get(`/${kind}/:id/members/all/:user_id`, (call) => {
    const source = visibleSource(world, call, kind);
    const userId = Number(call.req.param("user_id"));
    const reach = reachesSeenBy(world, call, source).find(({ member }) => member.userId === userId);
    if (reach === undefined) throw noSuchRow();
    return call.json(reachJson(world, call, source, reach));
  });

  app.get(`/${kind}/:id/members/:user_id`, (call) => {
    const source = visibleSource(world, call, kind);
    const member = memberOrThrow(source, call);
    return call.json(memberJson(world, call, member, member.accessLevel));
  });

  app.post(`/${kind}/:id/members`, (call) => {
    const params = call.get("params");
    const ids = [params["user_id"], params["username"]].filter((id) => id !== undefined && id !== null && id !== "");
    requireParams(
      params,
      ["access_level"],
      [
        ...(ids.length === 0 ? ["user_id, username are missing, at least one parameter must be provided"] : []),
        ...(ids.length === 2 ? ["user_id, username are mutually exclusive"] : []),
      ],
    );
    return addFromRequest(world, call, sourceOrThrow(world, call, kind));
  });

  app.put(`/${kind}/:id/members/:user_id`, (call) => {
    const params = call.get("params");
    requireParams(params, ["access_level"]);
    const accessLevel = readInteger(params, "access_level") ?? 0;
    const expiresAt = readDate(params, "expires_at");
    const source = sourceOrThrow(world, call, kind);
    const member = memberOrThrow(source, call);

    const wanted = { accessLevel, expiresAt: expiresAt === undefined ? member.expiresAt : expiresAt };
    judgeChange(world, call, source, member, wanted);
    const changed = changeMember(source, member, wanted, world.clock.now());
    return call.json(memberJson(world, call, changed, changed.accessLevel));
  });

  app.delete(`/${kind}/:id/members/:user_id`, (call) => {
    const skipSubresources = readBoolean(call.get("params"), "skip_subresources");
    const source = sourceOrThrow(world, call, kind);
    throttleDelete(world, call, source);
    const member = memberOrThrow(source, call);
    requireUnmodified(call, member);

    const isSelf = member.userId === call.get("caller").id;
    requireMayManage(world, call, source, member, { isLeaving: isSelf });
    removeMember(world.gitlab, source, member.userId, { skipSubresources });
    return call.body(null, 204);
  });
}

function visibleSource(world: World, call: Call, kind: SourceKind): MemberSource {
  const source = sourceOrThrow(world, call, kind);
  if (!maySeeMembers(world.gitlab, call.get("caller"), source)) throw forbidden();
  return source;
}

function memberOrThrow(source: MemberSource, call: Call): Member {
  const member = source.members.get(Number(call.req.param("user_id")));
  if (member === undefined) throw noSuchRow();
  return member;
}

/** Applies `query`, `user_ids` and `skip_users`. */
function matching<Row>(world: World, call: Call, rows: readonly Row[], userIdOf: (row: Row) => number): Row[] {
  const params = call.get("params");
  const query = readText(params, "query")?.toLowerCase() ?? "";
  const only = readIntegers(params, "user_ids");
  const skipped = readIntegers(params, "skip_users") ?? [];
  return rows.filter((row) => {
    const user = world.gitlab.users.get(userIdOf(row));
    if (user === undefined || skipped.includes(user.id)) return false;
    if (only !== undefined && !only.includes(user.id)) return false;
    return [user.username, user.name].some((text) => text.toLowerCase().includes(query)) || user.email === query;
  });
}

/** Rows that come from an invited private group are only for those who have access here or can see that group. */
function reachesSeenBy(world: World, call: Call, source: MemberSource): Reach[] {
  const mine = levelOf(world.gitlab, call.get("caller"), source);
  const reaches = [...everyoneWithAccess(world.gitlab, source).values()];
  return reaches.filter((reach) => mine > 0 || !isThroughHiddenGroup(world, call, reach));
}

function reachJson(world: World, call: Call, source: MemberSource, reach: Reach) {
  const mayManage = levelOf(world.gitlab, call.get("caller"), source) >= 40;
  const showsCreator = mayManage || !isThroughHiddenGroup(world, call, reach);
  return memberJson(world, call, reach.member, reach.level, showsCreator);
}

function isThroughHiddenGroup(world: World, call: Call, reach: Reach): boolean {
  const invited = reach.invitedGroupId === null ? undefined : world.gitlab.groups.get(reach.invitedGroupId);
  return invited !== undefined && !maySee(world.gitlab, call.get("caller"), invited);
}

function requireUnmodified(call: Call, member: Member): void {
  const since = call.req.header("if-unmodified-since");
  if (since === undefined) return;
  const modifiedAt = Math.floor(member.updatedAt.getTime() / 1000) * 1000;
  if (!(modifiedAt <= Date.parse(since))) throw preconditionFailed();
}
