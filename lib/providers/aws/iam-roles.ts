import { GetRoleCommand, UpdateAssumeRolePolicyCommand, type IAMClient } from "@aws-sdk/client-iam";
import { ABSENT } from "../../domain/binding.ts";
import { CouldNotTell, type Account, type Answer, type Member, type Seen, type Standing } from "../provider.ts";
import { NOTHING_THERE, NoSuchEntity, answerOf, written } from "./errors.ts";
import type { IamPlace } from "./iam-place.ts";
import type { IamUsers } from "./iam-users.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { changedByHand, isOf, ownStatementsIn, standingIn, withoutStanding, withStanding } from "./trust-policy.ts";

/** For this long after our write an old policy is taken for AWS lagging behind, not for somebody putting it back. */
const LAG_MS = 60_000;

/** Who may assume IAM roles: one statement of each person in a role's trust policy, with its own expiry. */
export function iamRoles(iam: IAMClient, users: IamUsers): IamPlace {
  const inTurn = oneAtATime();
  const replaced = new Map<string, { readonly policy: string; readonly at: number }>();

  async function observe(account: Account, role: string): Promise<Seen> {
    try {
      return standingIn(await trustPolicy(role), account);
    } catch (error) {
      if (error instanceof NoSuchEntity) return ABSENT;
      throw error;
    }
  }

  /** The ARN is asked for, not put together: it has the user's path in it. */
  async function apply(account: Account, role: string, { until }: Standing): Promise<Answer> {
    const { arn } = await users.whoIs(account);
    return rewrite(role, (policy) => withStanding(policy, { ...account, arn }, until));
  }

  async function remove(account: Account, role: string): Promise<Answer> {
    try {
      return await rewrite(role, (policy) => withoutStanding(policy, account));
    } catch (error) {
      if (error instanceof NoSuchEntity) return { status: error.status, words: NOTHING_THERE };
      throw error;
    }
  }

  async function exists(role: string): Promise<boolean> {
    try {
      await trustPolicy(role);
      return true;
    } catch (error) {
      if (error instanceof NoSuchEntity) return false;
      throw error;
    }
  }

  async function* members(role: string): AsyncIterable<Member> {
    for (const { username, until, statement } of ownStatementsIn(await trustPolicy(role))) {
      const { id, name } = await users.named(username);
      const account = { externalId: id, username: name };
      if (!isOf(statement, account)) throw changedByHand(statement);
      yield { account, level: "assume", until };
    }
  }

  /**
   * Read, change, write. AWS keeps the last writer without a word, so whoever starts from an old policy undoes the changes
   * since: writes of this process take turns, and a policy that we have replaced just now is not built upon.
   */
  function rewrite(role: string, change: (policy: string) => string): Promise<Answer> {
    return inTurn(role.toLowerCase(), async () => {
      const policy = await trustPolicy(role);
      const old = replaced.get(role.toLowerCase());
      if (old?.policy === policy && performance.now() - old.at < LAG_MS)
        throw new CouldNotTell("AWS still shows the trust policy from before our last change");
      const changed = change(policy);
      if (changed === policy) return { status: 200, words: "AWS: the trust policy is like that already" };

      const input = { RoleName: role, PolicyDocument: changed };
      const answer = await written(iam.send(new UpdateAssumeRolePolicyCommand(input)));
      replaced.set(role.toLowerCase(), { policy, at: performance.now() });
      return answer;
    });
  }

  async function trustPolicy(role: string): Promise<string> {
    const { Role } = await answerOf(iam.send(new GetRoleCommand({ RoleName: role })));
    if (!Role?.AssumeRolePolicyDocument) throw new CouldNotTell("AWS's answer makes no sense");
    return decoded(Role.AssumeRolePolicyDocument);
  }

  return { observe, apply, remove, exists, members };
}

function decoded(document: string): string {
  try {
    return decodeURIComponent(document);
  } catch (error) {
    throw new CouldNotTell("AWS's trust policy makes no sense", { cause: error });
  }
}
