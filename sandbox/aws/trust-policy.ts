import { z } from "zod";
import { limitExceeded, malformedPolicy } from "./refusal.ts";
import type { AwsState, IamUser } from "./state.ts";

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const statement = z.object({
  Sid: z.string().optional(),
  Effect: z.enum(["Allow", "Deny"]),
  Principal: z.union([z.literal("*").transform(() => ({ AWS: ["*"] })), z.record(z.string(), texts)]),
  Action: texts,
  Condition: z.record(z.string(), z.record(z.string(), texts)).default({}),
});
const policy = z.object({
  Version: z.enum(["2008-10-17", "2012-10-17"]).optional(),
  Statement: z.union([z.array(statement).min(1), statement]).transform((value) => [value].flat()),
});
type Statement = z.infer<typeof statement>;

/** Who asks to assume a role, and when. */
export type AssumeContext = {
  readonly now: Date;
  readonly arn: string;
  readonly account: string;
  readonly username: string;
};

/** White space does not count. */
const LENGTH_MAX = 2_048;

/** Refuses what IAM refuses: no policy, too long, bad or doubled Sids, and principals that do not exist. */
export function checkTrustPolicy(state: AwsState, text: string): void {
  const statements = statementsOf(text);
  if (text.replaceAll(/\s/g, "").length > LENGTH_MAX) throw limitExceeded("ACLSizePerRole", LENGTH_MAX);
  const sids = statements.flatMap(({ Sid }) => Sid ?? []);
  if (sids.some((sid) => !/^[0-9A-Za-z]*$/.test(sid)))
    throw malformedPolicy("Statement IDs (SID) must be alpha-numeric.");
  if (new Set(sids).size < sids.length) throw malformedPolicy("Statement IDs (SID) in a single policy must be unique.");
  for (const { Principal } of statements)
    for (const principal of Principal["AWS"] ?? [])
      if (!isKnown(state, principal)) throw malformedPolicy(`Invalid principal in policy: "AWS":"${principal}"`);
}

/** Whether the trust policy lets this principal assume the role at this moment. Unknown conditions do not match. */
export function allowsAssuming(text: string, context: AssumeContext): boolean {
  const fitting = statementsOf(text).filter(
    ({ Action, Principal, Condition }) =>
      Action.some((action) => ["sts:AssumeRole", "sts:*", "*"].includes(action)) &&
      (Principal["AWS"] ?? []).some((principal) => principal === context.arn || principal === "*") &&
      conditionsHold(Condition, context),
  );
  return fitting.some(({ Effect }) => Effect === "Allow") && !fitting.some(({ Effect }) => Effect === "Deny");
}

/**
 * What IAM does when a user is deleted: the user's id takes the place of the ARN, so that a new user of the same name
 * inherits nothing. A policy that names such an id cannot be saved again.
 */
export function orphanPrincipal(text: string, user: IamUser): string {
  return text.replaceAll(JSON.stringify(user.arn), JSON.stringify(user.id));
}

function conditionsHold(conditions: Statement["Condition"], context: AssumeContext): boolean {
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, limits]) => {
      const actual = valueOf(key, context);
      const test = operator in OPERATORS ? OPERATORS[operator] : undefined;
      return actual !== undefined && test !== undefined && limits.some((limit) => test(actual, limit));
    }),
  );
}

const OPERATORS: Readonly<Record<string, (actual: string, limit: string) => boolean>> = {
  DateLessThan: (actual, limit) => Date.parse(actual) < Date.parse(limit),
  DateGreaterThan: (actual, limit) => Date.parse(actual) > Date.parse(limit),
  StringEquals: (actual, limit) => actual === limit,
};

function valueOf(key: string, { now, arn, account, username }: AssumeContext): string | undefined {
  const values: Readonly<Record<string, string>> = {
    "aws:currenttime": now.toISOString(),
    "aws:principalarn": arn,
    "aws:principalaccount": account,
    "aws:username": username,
  };
  return values[key.toLowerCase()];
}

function statementsOf(text: string): Statement[] {
  try {
    return policy.parse(JSON.parse(text)).Statement;
  } catch {
    throw malformedPolicy("Syntax errors in policy.");
  }
}

function isKnown(state: AwsState, principal: string): boolean {
  if (principal === "*" || principal === state.account) return true;
  if (principal === `arn:aws:iam::${state.account}:root`) return true;
  return [...state.users.values(), ...state.roles.values()].some(
    ({ arn, id }) => arn === principal || id === principal,
  );
}
