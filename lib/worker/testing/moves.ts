import type { Level } from "../../domain/entitlement.ts";
import type { Connection, FaultKind } from "./provider-world.ts";
import type { Random } from "./random.ts";

/**
 * One thing that happens in a history. A history is a plain list of them: any part of the list is a history too, so that a
 * failing one can be made smaller by leaving things out. Numbers that pick something are taken modulo what there is.
 */
export type Move =
  | {
      readonly kind: "grant";
      readonly who: number;
      readonly role: number;
      readonly minutes: number;
      /** Approved now, to begin so much later. */
      readonly inMinutes?: number;
    }
  | {
      readonly kind: "ask";
      readonly who: number;
      readonly role: number;
      readonly minutes: number;
      readonly inMinutes: number;
    }
  | { readonly kind: "approve"; readonly pick: number; readonly owner: number; readonly shorter: boolean }
  | { readonly kind: "deny" | "withdraw" | "revoke" | "release"; readonly pick: number }
  | { readonly kind: "publish" | "roll-back"; readonly role: number; readonly version: number }
  | { readonly kind: "extend"; readonly pick: number; readonly minutes: number }
  | { readonly kind: "deactivate"; readonly who: number }
  | {
      readonly kind: "hand";
      readonly who: number;
      readonly place: number;
      readonly edit: HandEdit;
      readonly level: Level;
    }
  | { readonly kind: "fault"; readonly connection: Connection; readonly fault: FaultKind; readonly calls: number }
  | { readonly kind: "lag"; readonly connection: Connection; readonly seconds: number }
  | { readonly kind: "break"; readonly worker: number; readonly calls: number; readonly after: boolean }
  | { readonly kind: "kill"; readonly worker: number }
  | { readonly kind: "start"; readonly worker: number; readonly task: TaskName; readonly pick: number }
  | { readonly kind: "step"; readonly worker: number; readonly pick: number; readonly times: number }
  | { readonly kind: "wait" | "jump"; readonly seconds: number };

export type HandEdit = "remove" | "extend" | "change" | "add";
export type TaskName = "sweep" | "sweep-all" | "wake" | "beat";
export type StandingStart = { readonly who: number; readonly place: number; readonly level: Level };
export type History = {
  readonly seed: number;
  readonly standing: readonly StandingStart[];
  readonly moves: readonly Move[];
};

const MOVES_LEAST = 8;
const MOVES_MOST = 24;
const GITLAB_LEVELS = ["guest", "reporter", "developer", "maintainer", "owner"] as const;
const CONNECTIONS = ["gitlab", "aws"] as const;

type Maker = (random: Random) => Move;

const who = (random: Random) => random.below(2);
const worker = who;
const role = (random: Random) => random.below(3);
const place = (random: Random) => random.below(4);
const pick = (random: Random) => random.below(8);
const minutes = (random: Random) => random.of([random.between(1, 5), random.between(5, 90), random.between(90, 600)]);

const GRANT: Maker = (random) => ({ kind: "grant", who: who(random), role: role(random), minutes: minutes(random) });

/** How often each kind of move comes up, and how it is made. */
const MAKERS: readonly (readonly [weight: number, make: Maker])[] = [
  [10, GRANT],
  [3, (r) => ({ ...GRANT(r), inMinutes: r.of([2, 10, 30]) })],
  [2, (r) => ({ kind: "ask", who: who(r), role: role(r), minutes: minutes(r), inMinutes: r.of([0, 0, 30]) })],
  [2, (r) => ({ kind: "approve", pick: pick(r), owner: who(r), shorter: r.chance(0.3) })],
  [1, (r) => ({ kind: r.of(["deny", "withdraw"]), pick: pick(r) })],
  [7, (r) => ({ kind: r.of(["revoke", "release"]), pick: pick(r) })],
  [3, (r) => ({ kind: "extend", pick: pick(r), minutes: minutes(r) })],
  [3, (r) => ({ kind: "publish", role: role(r), version: r.below(3) })],
  [1, (r) => ({ kind: "roll-back", role: role(r), version: r.between(1, 3) })],
  [0.5, (r) => ({ kind: "deactivate", who: who(r) })],
  [5, (r) => ({ kind: "hand", who: who(r), place: place(r), edit: r.of(HAND_EDITS), level: r.of(GITLAB_LEVELS) })],
  [9, (r) => ({ kind: "fault", connection: r.of(CONNECTIONS), fault: r.of(FAULTS), calls: r.between(1, 4) })],
  [3, (r) => ({ kind: "lag", connection: r.of(CONNECTIONS), seconds: r.between(5, 120) })],
  [3, (r) => ({ kind: "break", worker: worker(r), calls: r.between(1, 8), after: r.chance(0.5) })],
  [4, (r) => ({ kind: "kill", worker: worker(r) })],
  [10, (r) => ({ kind: "start", worker: worker(r), task: r.of(TASKS), pick: pick(r) })],
  [30, (r) => ({ kind: "step", worker: worker(r), pick: pick(r), times: r.of([1, 2, 4, 8, 16]) })],
  [10, (r) => ({ kind: "wait", seconds: r.of([2, 10, 40, 600, r.between(60, 20_000)]) })],
  [0.5, () => ({ kind: "wait", seconds: 26 * 3_600 })],
  [0.7, (r) => ({ kind: "jump", seconds: r.of([-3_600, -60, 60, 3_600]) })],
];
const HAND_EDITS = ["remove", "remove", "extend", "change", "add"] as const;
const FAULTS = [
  "refused",
  "busy",
  "down",
  "lost-before",
  "lost-before",
  "lost-after",
  "lost-after",
  "not-done",
  "not-done",
] as const;
const TASKS = ["sweep", "sweep-all", "wake", "wake", "beat"] as const;
const WEIGHT = MAKERS.reduce((sum, [weight]) => sum + weight, 0);

export function historyFrom(seed: number, random: Random): History {
  const standing = Array.from({ length: random.below(4) }, () => standingFrom(random));
  const moves = Array.from({ length: random.between(MOVES_LEAST, MOVES_MOST) }, () => moveFrom(random));
  return { seed, standing, moves: [GRANT(random), ...moves] };
}

function standingFrom(random: Random): StandingStart {
  const at = place(random);
  const level = at < 2 ? random.of(GITLAB_LEVELS) : at === 2 ? "member" : "assume";
  return { who: who(random), place: at, level };
}

function moveFrom(random: Random): Move {
  let left = (random.below(1_000_000) / 1_000_000) * WEIGHT;
  for (const [weight, make] of MAKERS) {
    left -= weight;
    if (left < 0) return make(random);
  }
  throw new Error("weights do not add up");
}
