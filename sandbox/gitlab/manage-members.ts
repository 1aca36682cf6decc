import type { World } from "../world.ts";
import { userOrThrow, type Call } from "./context.ts";
import { memberJson } from "./entities.ts";
import { levelName, levelsOf, MAINTAINER, MINIMAL_ACCESS, OWNER } from "./levels.ts";
import { addMember, isLastOwner } from "./membership.ts";
import { readDate, readInteger, readText } from "./params.ts";
import { inheritedFrom, levelOf } from "./reach.ts";
import { conflict, forbidden, invalidRow, methodNotAllowed, notFound, Refusal } from "./refusals.ts";
import type { GitlabUser, Member, MemberSource } from "./state.ts";

type Wanted = { readonly accessLevel: number; readonly expiresAt: string | null };

/** POST …/members: one user by id or name, or several separated by commas. */
export function addFromRequest(world: World, call: Call, source: MemberSource) {
  const params = call.get("params");
  const wanted = {
    accessLevel: readInteger(params, "access_level") ?? 0,
    expiresAt: readDate(params, "expires_at") ?? null,
  };
  if (source.kind === "project" && world.gitlab.groups.get(source.parentId)?.membershipLock) throw methodNotAllowed();
  requireMayGrant(world, call, source, wanted.accessLevel);

  const named = namedUsers(world, call);
  if (named.length > 1) return addSeveral(world, call, source, named, wanted);
  const user = named[0];
  if (user === undefined) throw notFound("User");
  const member = addOne(world, call, source, user, wanted);
  return call.json(memberJson(world, call, member, member.accessLevel), 201);
}

/** Everything GitLab checks before it changes a direct member. */
export function judgeChange(world: World, call: Call, source: MemberSource, member: Member, wanted: Wanted): void {
  requireMayManage(world, call, source, member);
  requireMayGrant(world, call, source, wanted.accessLevel);
  // A row keeps an expiry date that has passed meanwhile; only a new one must lie ahead.
  requireValid(world, source, member.userId, wanted, { judgesDate: wanted.expiresAt !== member.expiresAt });
}

/** Managing members takes Owner in a group and Maintainer in a project, and nobody touches someone above them. */
export function requireMayManage(
  world: World,
  call: Call,
  source: MemberSource,
  member: Member,
  { isLeaving = false } = {},
): void {
  const mine = levelOf(world.gitlab, call.get("caller"), source);
  const botOf = world.gitlab.users.get(member.userId)?.botOfProject;
  if (typeof botOf === "number" || isLastOwner(world.gitlab, source, member.userId)) throw forbidden();
  if (!isLeaving && (mine < neededToManage(source) || member.accessLevel > mine)) throw forbidden();
}

function requireMayGrant(world: World, call: Call, source: MemberSource, level: number): void {
  const mine = levelOf(world.gitlab, call.get("caller"), source);
  if (mine < neededToManage(source) || (level === OWNER && mine < OWNER)) throw forbidden();
}

function neededToManage(source: MemberSource): number {
  return source.kind === "group" ? OWNER : MAINTAINER;
}

function namedUsers(world: World, call: Call): (GitlabUser | undefined)[] {
  const params = call.get("params");
  const ids = readText(params, "user_id");
  if (ids !== undefined && ids !== "") return ids.split(",").map((id) => userOrThrow(world, id.trim()));
  const names = (readText(params, "username") ?? "").split(",").map((name) => name.trim());
  const users = [...world.gitlab.users.values()];
  return names.map((name) => users.find((user) => user.username === name));
}

function addSeveral(
  world: World,
  call: Call,
  source: MemberSource,
  named: readonly (GitlabUser | undefined)[],
  wanted: Wanted,
) {
  const users = named.flatMap((user) => user ?? []);
  if (users.length < named.length) return call.json({ status: "error", message: "User not found" }, 400);

  const problems: Record<string, string> = {};
  for (const user of users) {
    try {
      addOne(world, call, source, user, wanted);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems[user.username] = sentenceOf(error);
    }
  }
  if (Object.keys(problems).length > 0) return call.json({ status: "error", message: problems }, 400);
  return call.json({ status: "success" }, 201);
}

function addOne(world: World, call: Call, source: MemberSource, user: GitlabUser, wanted: Wanted): Member {
  if (source.members.has(user.id)) throw conflict("Member already exists");
  if (user.botOfProject !== null && user.botOfProject !== source.id) {
    throw invalidRow({ user_id: ["project bots cannot be added to other groups / projects"] });
  }
  requireValid(world, source, user.id, wanted, { judgesDate: true });
  const createdBy = call.get("caller").id;
  return addMember(source, { userId: user.id, ...wanted, createdBy }, world.clock.now());
}

/** The checks of the member row itself. All problems come in one answer. */
function requireValid(
  world: World,
  source: MemberSource,
  userId: number,
  { accessLevel, expiresAt }: Wanted,
  { judgesDate }: { readonly judgesDate: boolean },
): void {
  const aboutLevel = levelProblems(world, source, userId, accessLevel);
  const today = world.clock.now().toISOString().slice(0, 10);
  const isPast = judgesDate && expiresAt !== null && expiresAt < today;
  if (aboutLevel.length === 0 && !isPast) return;
  throw invalidRow({
    ...(aboutLevel.length > 0 && { access_level: aboutLevel }),
    ...(isPast && { expires_at: ["cannot be a date in the past"] }),
  });
}

function levelProblems(world: World, source: MemberSource, userId: number, level: number): string[] {
  if (level === MINIMAL_ACCESS) {
    const isTop = source.kind === "group" && source.parentId === null;
    const reason = isTop ? "not supported by license" : "supported on top level groups only";
    return ["is not included in the list", reason];
  }
  if (!levelsOf(world.limits.settings.gitlabVersion).includes(level)) return ["is not included in the list"];
  const inherited = inheritedFrom(world.gitlab, userId, source);
  if (inherited === null || level >= inherited.level) return [];
  const { group } = inherited;
  return [
    `should be greater than or equal to ${levelName(inherited.level)} inherited membership from group ${group.name}`,
  ];
}

function sentenceOf({ body }: Refusal): string {
  const message = typeof body === "object" && body !== null && "message" in body ? body.message : "";
  if (typeof message !== "object" || message === null) return String(message);
  return Object.entries(message)
    .map(([field, problems]) => `${field.replace("_", " ")} ${String(problems)}`)
    .join(" and ");
}
