import { z } from "zod";
import type { ProviderName } from "./call-log.ts";

const match = z.strictObject({
  method: z.string().toUpperCase().optional(),
  /** A regular expression, tried on the path without its query string, for example `^/gitlab/api/v4/groups/`. */
  path: z.string().refine(isPattern, "is not a regular expression").optional(),
  /** AWS only: the value of `Action`, for example `AddUserToGroup`. */
  action: z.string().optional(),
});

const always = {
  match: match.optional(),
  probability: z.number().min(0).max(1).optional(),
  seed: z.int().optional(),
};
const anywhere = {
  ...always,
  provider: z.enum(["gitlab", "aws", "idp", "mail", "siem"]),
  times: z.int().positive().optional(),
};
const storeOnly = { ...always, provider: z.enum(["gitlab", "aws"]) };

const faultRule = z.discriminatedUnion("kind", [
  z.strictObject({
    ...anywhere,
    kind: z.literal("status"),
    status: z.int().min(200).max(599),
    retryAfter: z.number().nonnegative().optional(),
    body: z.unknown().optional(),
  }),
  z.strictObject({ ...anywhere, kind: z.literal("slow"), ms: z.number().nonnegative() }),
  z.strictObject({ ...anywhere, kind: z.literal("lost-before") }),
  z.strictObject({ ...anywhere, kind: z.literal("html") }),
  z.strictObject({ ...anywhere, kind: z.literal("down") }),
  z.strictObject({
    ...always,
    provider: z.enum(["gitlab", "aws", "mail", "siem"]),
    kind: z.literal("lost-after"),
    times: z.int().positive().optional(),
  }),
  /** After each write, reads answer from before it: for `reads` of them, or for `ms` of the sandbox's clock, or both. */
  z.strictObject({
    ...storeOnly,
    kind: z.literal("stale"),
    reads: z.int().positive().optional(),
    ms: z.number().positive().optional(),
  }),
]);

export const faultRules = z.array(faultRule);
export type FaultRule = z.infer<typeof faultRule>;

/** What one call looks like to a rule. */
export type CallSeen = {
  readonly provider: ProviderName;
  readonly method: string;
  readonly path: string;
  readonly action?: string;
};

export type Faults = {
  add(rules: readonly FaultRule[]): void;
  list(): readonly FaultRule[];
  clear(): void;
  /** The rules that strike this call, oldest first. Asking counts: it uses up `times` and draws the probability. */
  striking(call: CallSeen): readonly FaultRule[];
};

/** Rules stay until `times` is used up or they are cleared. Several may strike one call, for example slow and then 503. */
export function createFaults(): Faults {
  let armed: { rule: FaultRule; left: number; draw: () => number }[] = [];

  return {
    add(rules) {
      const more = rules.map((rule) => ({ rule, left: timesOf(rule), draw: seeded(rule.seed ?? 1) }));
      armed = [...armed, ...more];
    },
    list: () =>
      armed.map(({ rule, left }) => (rule.kind === "stale" || left === Infinity ? rule : { ...rule, times: left })),
    clear: () => void (armed = []),
    striking(call) {
      if (armed.length === 0) return [];
      const struck = armed.filter(({ rule, draw }) => fits(rule, call) && draw() < (rule.probability ?? 1));
      for (const hit of struck) hit.left -= 1;
      armed = armed.filter(({ left }) => left > 0);
      return struck.map(({ rule }) => rule);
    },
  };
}

function timesOf(rule: FaultRule): number {
  return rule.kind === "stale" ? Infinity : (rule.times ?? Infinity);
}

function fits(rule: FaultRule, call: CallSeen): boolean {
  if (rule.provider !== call.provider) return false;
  const { method, path, action } = rule.match ?? {};
  if (method !== undefined && method !== call.method) return false;
  if (path !== undefined && !new RegExp(path).test(call.path)) return false;
  return action === undefined || action === call.action;
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/** A small seeded generator (mulberry32), so that a failing run can be played again. Gives numbers in [0, 1). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
