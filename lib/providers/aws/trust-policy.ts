import { createHash } from "node:crypto";
import { z } from "zod";
import { CouldNotTell, type Seen } from "../provider.ts";

const statementSchema = z.looseObject({
  Sid: z.string().optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
const policySchema = z.looseObject({ Statement: z.union([z.array(statementSchema), statementSchema]) });
type Policy = z.infer<typeof policySchema>;
type Statement = z.infer<typeof statementSchema>;

/** The statement of one person: AWS allows only letters and digits in it, and its length counts. */
export function sidOf(username: string): string {
  return `Daypass${createHash("sha256").update(username.toLowerCase()).digest("hex").slice(0, 24)}`;
}

/** What the person's own statement gives; everybody else's statements are none of our business. */
export function standingIn(policy: string, username: string): Seen {
  const mine = statementsOf(parsePolicy(policy)).find((statement) => statement.Sid === sidOf(username));
  if (!mine) return { state: "absent" };
  const until = mine.Condition?.DateLessThan?.["aws:CurrentTime"];
  if (until !== undefined && typeof until !== "string") throw new CouldNotTell("AWS's trust policy makes no sense");
  return { state: "present", level: "assume", until: until ?? null };
}

export function withStatement(
  policy: string,
  { sid, arn, until }: { readonly sid: string; readonly arn: string; readonly until: string | null },
): string {
  const parsed = parsePolicy(withoutStatement(policy, sid));
  const statement = {
    Sid: sid,
    Effect: "Allow",
    Principal: { AWS: arn },
    Action: "sts:AssumeRole",
    ...(until ? { Condition: { DateLessThan: { "aws:CurrentTime": until } } } : {}),
  };
  return JSON.stringify({ ...parsed, Statement: [...statementsOf(parsed), statement] });
}

export function withoutStatement(policy: string, sid: string): string {
  const parsed = parsePolicy(policy);
  return JSON.stringify({ ...parsed, Statement: statementsOf(parsed).filter((statement) => statement.Sid !== sid) });
}

function statementsOf({ Statement }: Policy): Statement[] {
  return Array.isArray(Statement) ? Statement : [Statement];
}

function parsePolicy(text: string): Policy {
  try {
    return policySchema.parse(JSON.parse(text));
  } catch (error) {
    throw new CouldNotTell("AWS's trust policy makes no sense", { cause: error });
  }
}
