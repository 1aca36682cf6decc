import { createHash } from "node:crypto";
import { z } from "zod";
import { ABSENT, type Seen } from "../../domain/binding.ts";
import { CouldNotTell, Unclear, type Account } from "../provider.ts";

type Policy = { readonly document: Readonly<Record<string, unknown>>; readonly statements: readonly unknown[] };

const document = z.record(z.string(), z.unknown());
const ours = z.looseObject({
  Sid: z.string().startsWith("Daypass"),
  Principal: z.looseObject({ AWS: z.unknown() }),
  Condition: z.looseObject({ DateLessThan: z.looseObject({ "aws:CurrentTime": z.string() }).optional() }).optional(),
});

/** AWS wants at least one statement. Ours says that nobody may, until there is another one. */
const NOBODY = { Sid: "DaypassNobody", Effect: "Deny", Principal: { AWS: "*" }, Action: "sts:AssumeRole" };

/** What the person's own statement gives; everybody else's statements are none of our business. */
export function standingIn(policy: string, account: Account): Seen {
  const mine = parse(policy).statements.find((statement) => isOf(statement, account));
  if (mine === undefined) return ABSENT;
  const read = ours.safeParse(mine);
  if (!read.success) throw changedByHand(mine);
  return { state: "present", level: "assume", until: untilIn(read.data) };
}

type OwnStatement = { readonly statement: unknown; readonly username: string; readonly until: string | null };

/**
 * Every statement of ours, and whom it lets in. A deleted user's gives nothing to anybody and goes with the next write.
 * @throws Unclear when one bears our mark but not what we write: whom it lets in is not known then.
 */
export function ownStatementsIn(policy: string): OwnStatement[] {
  return parse(policy)
    .statements.filter((statement) => isOurs(statement) && !isOrphan(statement))
    .map((statement) => {
      const { data } = ours.safeParse(statement);
      const username = /^arn:[^:]+:iam::\d+:user\/(?:.*\/)?([^/]+)$/.exec(String(data?.Principal.AWS))?.[1];
      if (username === undefined) throw changedByHand(statement);
      return { statement, username, until: untilIn(data) };
    });
}

/** Whether the statement bears the mark of this account. Before ids were kept the mark was made of the name. */
export function isOf(statement: unknown, { externalId, username }: Account): boolean {
  const sid = sidIn(statement);
  return sid === sidOf(externalId) || sid === sidOf(username);
}

export function changedByHand(statement: unknown): Unclear {
  return new Unclear("A statement of Daypass in the trust policy was changed by hand", JSON.stringify(statement));
}

/** The policy with the person's statement, ending at `until`. All statements of others stay as they are. */
export function withStanding(policy: string, person: Account & { readonly arn: string }, until: string | null): string {
  return rewritten(policy, person, [
    {
      Sid: sidOf(person.externalId),
      Effect: "Allow",
      Principal: { AWS: person.arn },
      Action: "sts:AssumeRole",
      ...(until === null ? {} : { Condition: { DateLessThan: { "aws:CurrentTime": until } } }),
    },
  ]);
}

/** The policy without the person's statement. The same text when there is none. */
export function withoutStanding(policy: string, account: Account): string {
  const isThere = parse(policy).statements.some((statement) => isOf(statement, account));
  return isThere ? rewritten(policy, account, []) : policy;
}

function untilIn(statement: z.infer<typeof ours> | undefined): string | null {
  return statement?.Condition?.DateLessThan?.["aws:CurrentTime"] ?? null;
}

function isOurs(statement: unknown): boolean {
  return /^Daypass[0-9a-f]{24}$/.test(sidIn(statement) ?? "");
}

function rewritten(policy: string, account: Account, mine: readonly object[]): string {
  const { document: rest, statements } = parse(policy);
  const others = statements.filter(
    (statement) => !isOf(statement, account) && sidIn(statement) !== NOBODY.Sid && !isOrphan(statement),
  );
  const all = [...others, ...mine];
  return JSON.stringify({ ...rest, Statement: all.length > 0 ? all : [NOBODY] });
}

/** AWS allows only letters and digits in a Sid, and its length counts. */
function sidOf(idOrName: string): string {
  return `Daypass${createHash("sha256").update(idOrName.toLowerCase()).digest("hex").slice(0, 24)}`;
}

function sidIn(statement: unknown): string | undefined {
  if (typeof statement !== "object" || statement === null || !("Sid" in statement)) return undefined;
  return typeof statement.Sid === "string" ? statement.Sid : undefined;
}

/**
 * A statement of ours for a user who was deleted since: AWS shows the user's id instead of the ARN and refuses to save the
 * policy as long as it is in there, so that nobody's access could be taken back any more.
 */
function isOrphan(statement: unknown): boolean {
  const { data } = ours.safeParse(statement);
  return typeof data?.Principal.AWS === "string" && /^AIDA[A-Z0-9]+$/.test(data.Principal.AWS);
}

function parse(text: string): Policy {
  try {
    const parsed = document.parse(JSON.parse(text));
    return { document: parsed, statements: [parsed["Statement"] ?? []].flat() };
  } catch (error) {
    throw new CouldNotTell("AWS's trust policy makes no sense", { cause: error });
  }
}
