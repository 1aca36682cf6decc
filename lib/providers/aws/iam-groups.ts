import {
  AddUserToGroupCommand,
  GetGroupCommand,
  RemoveUserFromGroupCommand,
  type IAMClient,
} from "@aws-sdk/client-iam";
import { ABSENT } from "../../domain/binding.ts";
import type { Account, Answer, Member, Seen } from "../provider.ts";
import { NOTHING_THERE, NoSuchEntity, answerOf, written } from "./errors.ts";
import type { IamPlace } from "./iam-place.ts";
import { isSame, understood, type IamUser, type IamUsers } from "./iam-users.ts";
import { itemsOf } from "./items.ts";
import { sharedReads } from "./shared-reads.ts";

/** Membership of IAM groups. AWS has no expiry for it. */
export function iamGroups(iam: IAMClient, users: IamUsers): IamPlace {
  // When many ends of one group fall together, each of them would read the whole list for one user.
  const list = sharedReads(async (group) => {
    const users: IamUser[] = [];
    for await (const user of usersIn(group)) users.push(user);
    return users;
  });

  /**
   * By the group's own list, which names ids: a look by a user's name would miss one who was renamed, and find another who
   * has the name now. AWS hides nothing in its own account: nobody is in a group that it does not know.
   */
  async function observe(account: Account, group: string): Promise<Seen> {
    try {
      const isMember = (await list(group)).some((user) => isSame(user, account));
      return isMember ? { state: "present", level: "member", until: null } : ABSENT;
    } catch (error) {
      if (error instanceof NoSuchEntity) return ABSENT;
      throw error;
    }
  }

  async function apply(account: Account, group: string): Promise<Answer> {
    const { name } = await users.whoIs(account);
    return written(iam.send(new AddUserToGroupCommand({ UserName: name, GroupName: group })));
  }

  async function remove(account: Account, group: string): Promise<Answer> {
    try {
      const { name } = await users.whoIs(account);
      return await written(iam.send(new RemoveUserFromGroupCommand({ UserName: name, GroupName: group })));
    } catch (error) {
      if (error instanceof NoSuchEntity) return { status: error.status, words: NOTHING_THERE };
      throw error;
    }
  }

  async function exists(group: string): Promise<boolean> {
    try {
      await answerOf(iam.send(new GetGroupCommand({ GroupName: group, MaxItems: 1 })));
      return true;
    } catch (error) {
      if (error instanceof NoSuchEntity) return false;
      throw error;
    }
  }

  async function* members(group: string): AsyncIterable<Member> {
    for await (const { id, name } of usersIn(group))
      yield { account: { externalId: id, username: name }, level: "member", until: null };
  }

  async function* usersIn(group: string): AsyncIterable<IamUser> {
    const listed = itemsOf(async (Marker) => {
      const answer = await answerOf(iam.send(new GetGroupCommand({ GroupName: group, Marker, MaxItems: 1_000 })));
      return { ...answer, items: answer.Users };
    });
    for await (const user of listed) yield understood(user);
  }

  return { observe, apply, remove, exists, members };
}
