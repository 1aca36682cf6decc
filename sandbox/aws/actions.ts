import type { World } from "../world.ts";
import { AwsRefusal, alreadyExists, invalid, noSuchEntity } from "./refusal.ts";
import { addGroup, addRole, addUser, type AwsState, type IamGroup, type IamRole, type IamUser } from "./state.ts";
import { allowsAssuming, checkTrustPolicy } from "./trust-policy.ts";
import type { Xml } from "./xml.ts";

export type Form = Readonly<Record<string, string>>;
type Action = (world: World, form: Form) => Xml;

const GROUPS_PER_USER = 10;
const NAME = /^[\w+=,.@-]{1,128}$/;

/** What the sandbox's IAM and STS can do, by the name that the SDKs send. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  GetUser: ({ aws }, form) => ({ User: userXml(userNamed(aws, form)) }),
  CreateUser({ aws, clock }, form) {
    const name = newName(form, "UserName");
    if (aws.users.has(name.toLowerCase())) throw alreadyExists("User", name);
    return { User: userXml(addUser(aws, name, clock.now().toISOString())) };
  },
  DeleteUser({ aws }, form) {
    const user = userNamed(aws, form);
    if (groupsOf(aws, user).length > 0)
      throw new AwsRefusal("DeleteConflict", 409, "Cannot delete entity, must remove user from all groups first.");
    aws.users.delete(user.name.toLowerCase());
    return {};
  },
  ListUsers: ({ aws }, form) => page([...aws.users.values()], form, "Users", userXml),
  TagUser({ aws }, form) {
    const user = userNamed(aws, form);
    for (let n = 1; form[`Tags.member.${n}.Key`] !== undefined; n += 1)
      user.tags.set(form[`Tags.member.${n}.Key`] ?? "", form[`Tags.member.${n}.Value`] ?? "");
    return {};
  },
  ListUserTags: ({ aws }, form) => ({
    Tags: [...userNamed(aws, form).tags].map(([Key, Value]) => ({ Key, Value })),
    IsTruncated: false,
  }),

  GetGroup({ aws }, form) {
    const group = groupNamed(aws, form);
    const users = [...group.members].flatMap((name) => aws.users.get(name.toLowerCase()) ?? []);
    return { Group: groupXml(group), ...page(users, form, "Users", userXml) };
  },
  CreateGroup({ aws, clock }, form) {
    const name = newName(form, "GroupName");
    if (aws.groups.has(name.toLowerCase())) throw alreadyExists("Group", name);
    return { Group: groupXml(addGroup(aws, name, clock.now().toISOString())) };
  },
  DeleteGroup({ aws }, form) {
    const group = groupNamed(aws, form);
    if (group.members.size > 0)
      throw new AwsRefusal("DeleteConflict", 409, "Cannot delete entity, must remove users from group first.");
    aws.groups.delete(group.name.toLowerCase());
    return {};
  },
  ListGroups: ({ aws }, form) => page([...aws.groups.values()], form, "Groups", groupXml),
  ListGroupsForUser: ({ aws }, form) => page(groupsOf(aws, userNamed(aws, form)), form, "Groups", groupXml),
  AddUserToGroup({ aws }, form) {
    const group = groupNamed(aws, form);
    const user = userNamed(aws, form);
    if (!group.members.has(user.name) && groupsOf(aws, user).length >= GROUPS_PER_USER)
      throw new AwsRefusal("LimitExceeded", 409, `Cannot exceed quota for GroupsPerUser: ${GROUPS_PER_USER}`);
    group.members.add(user.name);
    return {};
  },
  RemoveUserFromGroup({ aws }, form) {
    const group = groupNamed(aws, form);
    const user = userNamed(aws, form);
    if (!group.members.delete(user.name))
      throw new AwsRefusal("NoSuchEntity", 404, `User ${user.name} is not in group ${group.name}.`);
    return {};
  },

  GetRole: ({ aws }, form) => ({ Role: roleXml(roleNamed(aws, form)) }),
  CreateRole({ aws, clock }, form) {
    const name = newName(form, "RoleName");
    if (aws.roles.has(name.toLowerCase())) throw alreadyExists("Role", name);
    const policy = form.AssumeRolePolicyDocument ?? "";
    checkTrustPolicy(aws, policy);
    return { Role: roleXml(addRole(aws, name, policy, clock.now().toISOString())) };
  },
  DeleteRole({ aws }, form) {
    aws.roles.delete(roleNamed(aws, form).name.toLowerCase());
    return {};
  },
  ListRoles: ({ aws }, form) => page([...aws.roles.values()], form, "Roles", roleXml),
  UpdateAssumeRolePolicy({ aws }, form) {
    const role = roleNamed(aws, form);
    const policy = form.PolicyDocument ?? "";
    checkTrustPolicy(aws, policy);
    role.trustPolicy = policy;
    return {};
  },

  GetCallerIdentity: ({ aws }) => ({
    Arn: `arn:aws:iam::${aws.account}:user/daypass`,
    UserId: "AIDASANDBOXDAYPASS0001",
    Account: aws.account,
  }),
  AssumeRole({ aws, clock }, form) {
    const role = [...aws.roles.values()].find(({ arn }) => arn === form.RoleArn);
    const caller = `arn:aws:iam::${aws.account}:user/${form["Tags.member.1.Value"] ?? "daypass"}`;
    if (!role || !allowsAssuming(role.trustPolicy, caller, clock.now()))
      throw new AwsRefusal("AccessDenied", 403, `User: ${caller} is not authorized to perform: sts:AssumeRole`);
    const seconds = Number(form.DurationSeconds ?? 3_600);
    if (!(seconds >= 900 && seconds <= 43_200)) throw invalid("DurationSeconds must be between 900 and 43200");
    return {
      Credentials: {
        AccessKeyId: "ASIASANDBOX",
        SecretAccessKey: "sandbox",
        SessionToken: "sandbox",
        Expiration: new Date(clock.now().getTime() + seconds * 1_000).toISOString(),
      },
      AssumedRoleUser: { AssumedRoleId: `${role.id}:${form.RoleSessionName ?? ""}`, Arn: role.arn },
    };
  },
};

/** IAM's own pages: `MaxItems` (100), `Marker`, `IsTruncated`. */
function page<T>(items: readonly T[], form: Form, name: string, xml: (item: T) => Xml) {
  const size = Number(form.MaxItems ?? 100);
  const from = Number(form.Marker ?? 0);
  if (!(size >= 1 && size <= 1_000) || !(from >= 0)) throw invalid("Invalid Marker or MaxItems");
  const isTruncated = from + size < items.length;
  return {
    [name]: items.slice(from, from + size).map(xml),
    IsTruncated: isTruncated,
    ...(isTruncated ? { Marker: String(from + size) } : {}),
  };
}

function groupsOf(aws: AwsState, user: IamUser): IamGroup[] {
  return [...aws.groups.values()].filter((group) => group.members.has(user.name));
}

function newName(form: Form, field: string): string {
  const name = form[field] ?? "";
  if (!NAME.test(name)) throw invalid(`The specified value for ${field} is invalid.`);
  return name;
}

function userNamed(aws: AwsState, form: Form): IamUser {
  return named(aws.users, form.UserName, "user");
}

function groupNamed(aws: AwsState, form: Form): IamGroup {
  return named(aws.groups, form.GroupName, "group");
}

function roleNamed(aws: AwsState, form: Form): IamRole {
  return named(aws.roles, form.RoleName, "role");
}

function named<T>(map: ReadonlyMap<string, T>, name: string | undefined, what: string): T {
  if (name === undefined || name === "") throw invalid(`A ${what} name is missing.`);
  const found = map.get(name.toLowerCase());
  if (!found) throw noSuchEntity(what, name);
  return found;
}

function userXml(user: IamUser): Xml {
  return { Path: "/", UserName: user.name, UserId: user.id, Arn: user.arn, CreateDate: user.createdAt };
}

function groupXml(group: IamGroup): Xml {
  return { Path: "/", GroupName: group.name, GroupId: group.id, Arn: group.arn, CreateDate: group.createdAt };
}

function roleXml(role: IamRole): Xml {
  return {
    Path: "/",
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: role.createdAt,
    AssumeRolePolicyDocument: encodeURIComponent(role.trustPolicy),
    MaxSessionDuration: 3_600,
  };
}
