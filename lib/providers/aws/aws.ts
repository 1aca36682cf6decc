import {
  AddUserToGroupCommand,
  GetGroupCommand,
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  RemoveUserFromGroupCommand,
  UpdateAssumeRolePolicyCommand,
  paginateListGroupsForUser,
  paginateListUsers,
} from "@aws-sdk/client-iam";
import type { Place, PlaceKind } from "../../domain/entitlement.ts";
import {
  CouldNotTell,
  ProviderRefused,
  type AccessProvider,
  type Account,
  type Answer,
  type DirectoryAccount,
  type Seen,
  type Standing,
  type TargetFacts,
} from "../provider.ts";
import { errorOf } from "./errors.ts";
import { sidOf, standingIn, withStatement, withoutStatement } from "./trust-policy.ts";

export type AwsConfig = {
  readonly connection: string;
  readonly region: string;
  /** Only for the sandbox. */
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

const TIMEOUT_MS = 10_000;

/** AWS as a provider: membership of IAM groups, and statements in the trust policies of IAM roles. */
export function createAwsProvider({ region, endpoint, credentials }: AwsConfig): AccessProvider {
  const iam = new IAMClient({
    region,
    // Waiting and trying again is the worker's, which keeps removals ahead of additions.
    maxAttempts: 1,
    requestHandler: { requestTimeout: TIMEOUT_MS, connectionTimeout: TIMEOUT_MS, httpsAgent: { maxSockets: 50 } },
    ...(endpoint ? { endpoint } : {}),
    ...(credentials ? { credentials } : {}),
  });

  /** AWS said that something is not there: the group, the role or the user. Which one, `isThere` finds out. */
  async function isThere(place: Place): Promise<boolean> {
    return (await describe(place)).exists;
  }

  async function observe({ username }: Account, place: Place): Promise<Seen> {
    if (place.kind === "aws-iam-role") return standingIn(await trustPolicy(place.target), username);
    try {
      for await (const { Groups } of paginateListGroupsForUser({ client: iam }, { UserName: username })) {
        if (!Groups) throw new CouldNotTell("AWS's answer makes no sense");
        // Names of IAM groups are unique whatever their case.
        if (Groups.some(({ GroupName }) => GroupName?.toLowerCase() === place.target.toLowerCase()))
          return { state: "present", level: "member", until: null };
      }
      return { state: "absent" };
    } catch (error) {
      const known = errorOf(error);
      // A user who was deleted at AWS is a member of nothing.
      if (known instanceof ProviderRefused && known.status === 404) return { state: "absent" };
      throw known;
    }
  }

  async function apply(account: Account, place: Place, standing: Standing): Promise<Answer> {
    if (place.kind === "aws-iam-role") return writeTrust(place, await statementOf(account, standing));
    const input = { UserName: account.username, GroupName: place.target };
    const { $metadata } = await iam.send(new AddUserToGroupCommand(input)).catch(throwKnown);
    return { status: $metadata.httpStatusCode ?? 200, words: `request ${$metadata.requestId ?? "unnamed"}` };
  }

  async function remove(account: Account, place: Place): Promise<Answer> {
    if (place.kind === "aws-iam-role")
      return writeTrust(place, (policy) => withoutStatement(policy, sidOf(account.username)));
    try {
      const input = { UserName: account.username, GroupName: place.target };
      const { $metadata } = await iam.send(new RemoveUserFromGroupCommand(input));
      return { status: $metadata.httpStatusCode ?? 200, words: `request ${$metadata.requestId ?? "unnamed"}` };
    } catch (error) {
      const known = errorOf(error);
      if (known instanceof ProviderRefused && known.status === 404 && (await isThere(place)))
        return { status: 404, words: known.message };
      throw known;
    }
  }

  async function describe(place: Place): Promise<TargetFacts> {
    try {
      if (place.kind === "aws-iam-role") await iam.send(new GetRoleCommand({ RoleName: place.target }));
      else await iam.send(new GetGroupCommand({ GroupName: place.target, MaxItems: 1 }));
      return { exists: true, name: place.target, webUrl: null };
    } catch (error) {
      const known = errorOf(error);
      if (known instanceof ProviderRefused && known.status === 404)
        return { exists: false, name: place.target, webUrl: null };
      throw known;
    }
  }

  async function trustPolicy(role: string): Promise<string> {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: role })).catch(throwKnown);
    if (!Role?.AssumeRolePolicyDocument) throw new CouldNotTell("AWS's answer makes no sense");
    return decodeURIComponent(Role.AssumeRolePolicyDocument);
  }

  /** Read, change, write: AWS keeps the last writer, so the caller lets one worker at a time write one role. */
  async function writeTrust(place: Place, change: (policy: string) => string): Promise<Answer> {
    const before = await trustPolicy(place.target);
    const PolicyDocument = change(before);
    const input = { RoleName: place.target, PolicyDocument };
    const { $metadata } = await iam.send(new UpdateAssumeRolePolicyCommand(input)).catch(throwKnown);
    return { status: $metadata.httpStatusCode ?? 200, words: `request ${$metadata.requestId ?? "unnamed"}` };
  }

  async function statementOf({ username }: Account, { until }: Standing): Promise<(policy: string) => string> {
    const { User } = await iam.send(new GetUserCommand({ UserName: username })).catch(throwKnown);
    const arn = User?.Arn;
    if (!arn) throw new CouldNotTell("AWS's answer makes no sense");
    return (policy) => withStatement(policy, { sid: sidOf(username), arn, until });
  }

  async function* listAccounts(): AsyncIterable<DirectoryAccount> {
    try {
      for await (const { Users } of paginateListUsers({ client: iam }, {})) {
        if (!Users) throw new CouldNotTell("AWS's answer makes no sense");
        for (const { UserName } of Users)
          if (UserName)
            yield {
              externalId: UserName,
              username: UserName,
              name: UserName,
              email: null,
              subject: null,
              active: true,
            };
      }
    } catch (error) {
      throw errorOf(error);
    }
  }

  return {
    observe,
    apply,
    remove,
    describe,
    backstop,
    listAccounts,
    // IAM groups have no owners, so they cannot own roles.
    async *listGroups() {},
  };
}

/** A trust policy can say until when; a group membership cannot. */
function backstop(kind: PlaceKind, end: Date): string | null {
  return kind === "aws-iam-role" ? end.toISOString() : null;
}

function throwKnown(error: unknown): never {
  throw errorOf(error);
}
