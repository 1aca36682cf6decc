import type { CallSeen, FaultRule } from "./faults.ts";
import type { World } from "./world.ts";

type StaleRule = Extract<FaultRule, { kind: "stale" }>;
type Copy = { readonly world: World; readsLeft: number; readonly until: number };

export type StaleReads = {
  /** The world that this call is answered from: the real one, or a copy of how it was before the last write. */
  worldFor(seen: CallSeen, struck: readonly FaultRule[]): World;
};

/** Eventual consistency: each write keeps a copy of what was before, and the reads that a rule names see that copy. */
export function createStaleReads(world: World): StaleReads {
  const copies = new WeakMap<StaleRule, Copy>();

  return {
    worldFor(seen, struck) {
      if (!isRead(seen)) {
        const rules = world.faults.list().filter((rule) => rule.kind === "stale");
        for (const rule of rules) if (rule.provider === seen.provider) copies.set(rule, copyFor(world, rule));
        return world;
      }
      const rule = struck.find((each) => each.kind === "stale");
      const copy = rule && copies.get(rule);
      if (copy === undefined || copy.readsLeft <= 0 || world.clock.now().getTime() >= copy.until) return world;
      copy.readsLeft -= 1;
      return copy.world;
    },
  };
}

function copyFor(world: World, rule: StaleRule): Copy {
  const isGitlab = rule.provider === "gitlab";
  return {
    world: isGitlab ? { ...world, gitlab: structuredClone(world.gitlab) } : { ...world, aws: world.aws.clone() },
    readsLeft: rule.reads ?? Infinity,
    until: rule.ms === undefined ? Infinity : world.clock.now().getTime() + rule.ms,
  };
}

function isRead({ method, action }: CallSeen): boolean {
  return action === undefined ? method === "GET" : /^(Get|List|Simulate|Describe)/.test(action);
}
