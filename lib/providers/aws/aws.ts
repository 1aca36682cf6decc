import { IAMClient } from "@aws-sdk/client-iam";
import type { Place, PlaceKind } from "../../domain/entitlement.ts";
import type { AccessProvider, DirectoryAccount } from "../provider.ts";
import { iamGroups } from "./iam-groups.ts";
import { iamRoles } from "./iam-roles.ts";
import { iamUsers } from "./iam-users.ts";

export type AwsConfig = {
  readonly connection: string;
  readonly region: string;
  /** Only for the sandbox. */
  readonly endpoint?: string;
  /** Without them AWS's default chain is asked, which is how a real account is reached. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** How long one call may take, answer included. */
  readonly timeoutMs?: number;
};

/** AWS as a provider: membership of IAM groups, and statements in the trust policies of IAM roles. */
export function createAwsProvider(config: AwsConfig): AccessProvider {
  const iam = clientFor(config);
  const users = iamUsers(iam);
  const groups = iamGroups(iam, users);
  const roles = iamRoles(iam, users);
  const at = ({ kind }: Place) => (kind === "aws-iam-role" ? roles : groups);

  async function* listAccounts(): AsyncIterable<DirectoryAccount> {
    for await (const { id, name } of users.list())
      yield { externalId: id, username: name, name, email: null, subject: null, active: true };
  }

  return {
    observe: (account, place) => at(place).observe(account, place.target),
    apply: (account, place, standing) => at(place).apply(account, place.target, standing),
    remove: (account, place) => at(place).remove(account, place.target),
    // What is deleted there takes its memberships and its policy with it, and roles and groups that are used are not renamed.
    locate: () => Promise.resolve(null),
    describe: async (place) => ({ exists: await at(place).exists(place.target), name: place.target, webUrl: null }),
    members: (place) => at(place).members(place.target),
    backstop,
    removalLimit: () => null,
    rateLimit: () => null,
    listAccounts,
    // IAM groups have no owners, so they cannot own roles.
    async *listGroups() {},
  };
}

function clientFor({ region, endpoint, credentials, timeoutMs = 10_000 }: AwsConfig): IAMClient {
  const iam = new IAMClient({
    region,
    // Waiting and trying again is the worker's, which keeps removals ahead of additions.
    maxAttempts: 1,
    ...(endpoint ? { endpoint } : {}),
    ...(credentials ? { credentials } : {}),
  });
  // The SDK's own timeouts end with the first byte of the answer; a signal ends the whole of it.
  const { requestHandler } = iam.config;
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = (request, options) =>
    handle(request, { ...options, abortSignal: AbortSignal.timeout(timeoutMs) });
  return iam;
}

/** A trust policy can say until when; a group membership cannot. */
function backstop(kind: PlaceKind, end: Date): string | null {
  return kind === "aws-iam-role" ? end.toISOString() : null;
}
