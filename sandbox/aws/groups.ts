import { groupNamed, newName, page, userNamed, type Actions } from "./action.ts";
import { alreadyExists, AwsRefusal, deleteConflict, limitExceeded } from "./refusal.ts";
import { addGroup, groupsOf, type IamGroup } from "./state.ts";
import { userXml } from "./users.ts";
import type { Xml } from "./xml.ts";

/** IAM does not raise this one for anybody. */
const GROUPS_PER_USER = 10;

export const GROUP_ACTIONS: Actions = {
  GetGroup({ aws }, form) {
    const group = groupNamed(aws, form);
    const users = [...group.members].flatMap((name) => aws.users.get(name.toLowerCase()) ?? []);
    return { Group: groupXml(group), ...page(users, form, "Users", userXml) };
  },
  ListGroups: ({ aws }, form) => page([...aws.groups.values()], form, "Groups", groupXml),
  ListGroupsForUser: ({ aws }, form) => page(groupsOf(aws, userNamed(aws, form)), form, "Groups", groupXml),
  CreateGroup({ aws, clock }, form) {
    const name = newName(form, "GroupName");
    if (aws.groups.has(name.toLowerCase())) throw alreadyExists("Group", name);
    return { Group: groupXml(addGroup(aws, name, clock.now().toISOString())) };
  },
  DeleteGroup({ aws }, form) {
    const group = groupNamed(aws, form);
    if (group.members.size > 0) throw deleteConflict("must remove users from group first");
    aws.groups.delete(group.name.toLowerCase());
    return {};
  },
  AddUserToGroup({ aws }, form) {
    const group = groupNamed(aws, form);
    const user = userNamed(aws, form);
    if (!group.members.has(user.name) && groupsOf(aws, user).length >= GROUPS_PER_USER)
      throw limitExceeded("GroupsPerUser", GROUPS_PER_USER);
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
};

function groupXml(group: IamGroup): Xml {
  return { Path: "/", GroupName: group.name, GroupId: group.id, Arn: group.arn, CreateDate: group.createdAt };
}
