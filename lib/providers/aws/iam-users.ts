import { GetUserCommand, ListUsersCommand, type IAMClient, type User } from "@aws-sdk/client-iam";
import { CouldNotTell, type Account } from "../provider.ts";
import { NoSuchEntity, answerOf } from "./errors.ts";
import { itemsOf } from "./items.ts";

export type IamUser = { readonly id: string; readonly name: string; readonly arn: string };

/** IAM users by the id that AWS never changes. A name can change, and be given to somebody else. */
export type IamUsers = {
  list(): AsyncIterable<IamUser>;
  /** @throws NoSuchEntity */
  named(name: string): Promise<IamUser>;
  /** Whoever the account is, whatever its name is by now. @throws NoSuchEntity when AWS does not have it any more */
  whoIs(account: Account): Promise<IamUser>;
};

export function iamUsers(iam: IAMClient): IamUsers {
  async function* list(): AsyncIterable<IamUser> {
    const users = itemsOf(async (Marker) => {
      const answer = await answerOf(iam.send(new ListUsersCommand({ Marker, MaxItems: 1_000 })));
      return { ...answer, items: answer.Users };
    });
    for await (const user of users) yield understood(user);
  }

  async function named(name: string): Promise<IamUser> {
    return understood((await answerOf(iam.send(new GetUserCommand({ UserName: name })))).User);
  }

  async function whoIs(account: Account): Promise<IamUser> {
    const known = await namedOrNull(account.username);
    if (known && isSame(known, account)) return known;
    for await (const user of list()) if (user.id === account.externalId) return user;
    throw new NoSuchEntity(`AWS has no user ${account.username} with the id ${account.externalId} any more`, 404);
  }

  async function namedOrNull(name: string): Promise<IamUser | null> {
    try {
      return await named(name);
    } catch (error) {
      if (error instanceof NoSuchEntity) return null;
      throw error;
    }
  }

  return { list, named, whoIs };
}

/** Accounts that the directory has not listed since ids are kept are known by their name alone. */
export function isSame({ id, name }: Pick<IamUser, "id" | "name">, { externalId }: Account): boolean {
  return id === externalId || name === externalId;
}

export function understood(user: User | undefined): IamUser {
  const { UserId: id, UserName: name, Arn: arn } = user ?? {};
  if (!id || !name || !arn) throw new CouldNotTell("AWS's answer makes no sense");
  return { id, name, arn };
}
