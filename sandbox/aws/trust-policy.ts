import type { AwsState } from "./state.ts";
import { AwsRefusal } from "./refusal.ts";

type Statement = {
  Effect?: string;
  Principal?: { AWS?: string | string[] };
  Action?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
};

/** White space does not count. */
const LENGTH_MAX = 2_048;

/** Refuses what IAM refuses: no JSON, no statements, too long, and principals that do not exist. */
export function checkTrustPolicy(state: AwsState, text: string): void {
  const statements = statementsOf(text);
  if (text.replaceAll(/\s/g, "").length > LENGTH_MAX)
    throw new AwsRefusal("LimitExceeded", 409, `Cannot exceed quota for ACLSizePerRole: ${LENGTH_MAX}`);
  for (const statement of statements)
    for (const arn of listOf(statement.Principal?.AWS))
      if (!isKnown(state, arn))
        throw new AwsRefusal("MalformedPolicyDocument", 400, `Invalid principal in policy: "AWS":"${arn}"`);
}

/** Whether the trust policy lets this principal assume the role at this moment. Unknown conditions do not match. */
export function allowsAssuming(text: string, arn: string, now: Date): boolean {
  const fitting = statementsOf(text).filter(
    (statement) =>
      listOf(statement.Action).includes("sts:AssumeRole") &&
      listOf(statement.Principal?.AWS).includes(arn) &&
      conditionsHold(statement.Condition ?? {}, now),
  );
  return fitting.some(({ Effect }) => Effect === "Allow") && !fitting.some(({ Effect }) => Effect === "Deny");
}

function conditionsHold(conditions: NonNullable<Statement["Condition"]>, now: Date): boolean {
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(
      ([key, value]) =>
        operator === "DateLessThan" &&
        key === "aws:CurrentTime" &&
        listOf(value).some((limit) => now.getTime() < Date.parse(limit)),
    ),
  );
}

function statementsOf(text: string): Statement[] {
  const malformed = new AwsRefusal("MalformedPolicyDocument", 400, "Syntax errors in policy.");
  try {
    const { Statement: statement } = JSON.parse(text) as { Statement?: Statement | Statement[] };
    if (typeof statement !== "object") throw malformed;
    return Array.isArray(statement) ? statement : [statement];
  } catch {
    throw malformed;
  }
}

function isKnown(state: AwsState, arn: string): boolean {
  const users = [...state.users.values()].some((user) => user.arn === arn);
  return users || [...state.roles.values()].some((role) => role.arn === arn) || arn === `arn:aws:iam::${state.account}:root`;
}

function listOf(value: string | string[] | undefined): string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
