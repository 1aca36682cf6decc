import type { GroupMembers } from "@gitbeaker/rest";
import { z } from "zod";
import type { Seen } from "../../domain/binding.ts";
import type { Level } from "../../domain/entitlement.ts";
import { CouldNotTell } from "../provider.ts";

/** Access levels by number. Source: GitLab `Gitlab::Access`; a level that is not here is not understood. */
const LEVELS: ReadonlyMap<number, Level> = new Map([
  [10, "guest"],
  [15, "planner"],
  [20, "reporter"],
  [30, "developer"],
  [40, "maintainer"],
  [50, "owner"],
]);

const member = z.object({
  id: z.number(),
  access_level: z.number(),
  expires_at: z.iso.date().nullish(),
  /** Of the account: "active", "blocked" … */
  state: z.string(),
  /** "awaiting" when the group has no seat for it. */
  membership_state: z.string().nullish(),
  /** A custom role on top of the level (Ultimate). */
  member_role: z.looseObject({}).nullish(),
});
export type Member = z.infer<typeof member>;

export const shapes = {
  member,
  listedMember: member.extend({ username: z.string().min(1) }),
  self: z.object({ id: z.number() }),
  group: z.object({ id: z.number(), full_path: z.string().min(1), name: z.string(), web_url: z.string() }),
  place: z.object({ id: z.number(), name: z.string(), web_url: z.string() }),
  user: z.object({
    id: z.number(),
    username: z.string().min(1),
    name: z.string(),
    state: z.string(),
    email: z.string().nullish(),
    identities: z.array(z.object({ provider: z.string(), extern_uid: z.string() })).nullish(),
  }),
};

/** @throws CouldNotTell for anything of another shape: an answer that makes no sense is no answer. */
export function understood<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new CouldNotTell("GitLab's answer makes no sense", { cause: parsed.error });
  return parsed.data;
}

/** The membership that a row shows. @throws CouldNotTell when it is another person's or its level is unknown. */
export function seenOf(row: Member, externalId: string): Extract<Seen, { state: "present" }> {
  const level = LEVELS.get(row.access_level);
  if (String(row.id) !== externalId) throw new CouldNotTell("GitLab answered with somebody else's membership");
  if (level === undefined) throw new CouldNotTell(`GitLab answered with the unknown access level ${row.access_level}`);
  return { state: "present", level, until: row.expires_at ?? null };
}

/** Null for a level that is not in our list: a newer GitLab's, or a minimal one. */
export function levelNumbered(number: number): Level | null {
  return LEVELS.get(number) ?? null;
}

/** @throws RangeError for a level that GitLab does not have: unknown denies. */
export function numberOf(level: Level): SettableLevel {
  for (const [number, name] of LEVELS) if (name === level && isSettable(number)) return number;
  throw new RangeError(`GitLab has no level ${level}`);
}

type SettableLevel = Parameters<InstanceType<typeof GroupMembers>["add"]>[1];

/** gitbeaker's own type leaves Planner (15) out. */
function isSettable(level: number): level is SettableLevel {
  return LEVELS.has(level);
}

export function isOwner(row: Member): boolean {
  return LEVELS.get(row.access_level) === "owner";
}

/** A blocked account keeps its memberships and can use none of them; an awaiting one has none yet. */
export function isInForce(row: Member): boolean {
  return row.state === "active" && row.membership_state !== "awaiting";
}
