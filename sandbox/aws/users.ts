import { newName, page, userNamed, type Actions } from "./action.ts";
import { alreadyExists, deleteConflict } from "./refusal.ts";
import { addUser, groupsOf, renameUser, type IamUser } from "./state.ts";
import { orphanPrincipal } from "./trust-policy.ts";
import type { Xml } from "./xml.ts";

export const USER_ACTIONS: Actions = {
  GetUser: ({ aws }, form) => ({ User: userXml(userNamed(aws, form)) }),
  ListUsers: ({ aws }, form) => page([...aws.users.values()], form, "Users", userXml),
  CreateUser({ aws, clock }, form) {
    const name = newName(form, "UserName");
    if (aws.users.has(name.toLowerCase())) throw alreadyExists("User", name);
    return { User: userXml(addUser(aws, name, clock.now().toISOString())) };
  },
  // Whoever is renamed stays who they are: the id, the groups and the roles that trust them stay.
  UpdateUser({ aws }, form) {
    const user = userNamed(aws, form);
    const name = newName({ UserName: form.NewUserName ?? "" }, "UserName");
    if (name.toLowerCase() !== user.name.toLowerCase() && aws.users.has(name.toLowerCase()))
      throw alreadyExists("User", name);
    renameUser(aws, user, name);
    return {};
  },
  DeleteUser({ aws }, form) {
    const user = userNamed(aws, form);
    if (groupsOf(aws, user).length > 0) throw deleteConflict("must remove user from all groups first");
    aws.users.delete(user.name.toLowerCase());
    for (const role of aws.roles.values()) role.trustPolicy = orphanPrincipal(role.trustPolicy, user);
    return {};
  },
  TagUser({ aws }, form) {
    const { tags } = userNamed(aws, form);
    for (let n = 1; form[`Tags.member.${n}.Key`] !== undefined; n += 1)
      tags.set(form[`Tags.member.${n}.Key`] ?? "", form[`Tags.member.${n}.Value`] ?? "");
    return {};
  },
  ListUserTags: ({ aws }, form) =>
    page([...userNamed(aws, form).tags], form, "Tags", ([Key, Value]) => ({ Key, Value })),
};

export function userXml(user: IamUser): Xml {
  return { Path: "/", UserName: user.name, UserId: user.id, Arn: user.arn, CreateDate: user.createdAt };
}
