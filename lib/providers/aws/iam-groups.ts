import {
  AddUserToGroupCommand,
  GetGroupCommand,
  ListGroupsForUserCommand,
  RemoveUserFromGroupCommand,
  type IAMClient,
} from "@aws-sdk/client-iam";
import { ABSENT } from "../../domain/binding.ts";
import { CouldNotTell, type Account, type Answer, type Member, type Seen } from "../provider.ts";
import { NoSuchEntity, answerOf, written } from "./errors.ts";
import type { IamPlace } from "./iam-place.ts";
import { itemsOf } from "./items.ts";

/** Membership of IAM groups. AWS has no expiry for it. */
export function iamGroups(iam: IAMClient): IamPlace {
  /** AWS hides nothing in its own account: a user or a group that it does not know is one where nobody is a member. */
  async function observe({ username }: Account, group: string): Promise<Seen> {
    const groups = itemsOf(async (Marker) => {
      const answer = await answerOf(iam.send(new ListGroupsForUserCommand({ UserName: username, Marker })));
      return { ...answer, items: answer.Groups };
    });
    try {
      // Names of IAM groups are unique whatever their case.
      for await (const { GroupName } of groups)
        if (GroupName?.toLowerCase() === group.toLowerCase()) return { state: "present", level: "member", until: null };
      return ABSENT;
    } catch (error) {
      if (error instanceof NoSuchEntity) return ABSENT;
      throw error;
    }
  }

  async function apply({ username }: Account, group: string): Promise<Answer> {
    return written(iam.send(new AddUserToGroupCommand({ UserName: username, GroupName: group })));
  }

  async function remove({ username }: Account, group: string): Promise<Answer> {
    try {
      return await written(iam.send(new RemoveUserFromGroupCommand({ UserName: username, GroupName: group })));
    } catch (error) {
      if (error instanceof NoSuchEntity) return { status: error.status, words: error.message };
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
    const users = itemsOf(async (Marker) => {
      const answer = await answerOf(iam.send(new GetGroupCommand({ GroupName: group, Marker })));
      return { ...answer, items: answer.Users };
    });
    for await (const { UserName: name } of users) {
      if (!name) throw new CouldNotTell("AWS's answer makes no sense");
      yield { account: { externalId: name, username: name }, level: "member", until: null };
    }
  }

  return { observe, apply, remove, exists, members };
}
