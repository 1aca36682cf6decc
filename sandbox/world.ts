import { createAwsState, type AwsState } from "./aws/state.ts";
import { createCallLog, type CallLog } from "./call-log.ts";
import { createClock, type Clock } from "./clock.ts";
import { createFaults, type Faults } from "./faults.ts";
import { seedGitlab } from "./gitlab/seed.ts";
import { gitlabSnapshot } from "./gitlab/snapshot.ts";
import type { GitlabState } from "./gitlab/state.ts";

/**
 * One sandbox. A reset replaces `gitlab` and `aws`, and a stale read is answered by an app over an older copy,
 * so read them through the world in every handler and never keep them.
 *
 * `AwsState` owes us `snapshot(): unknown` (JSON, for `/_state`) and `clone(): AwsState` (a deep copy, for stale reads).
 */
export type World = {
  clock: Clock;
  faults: Faults;
  log: CallLog;
  gitlab: GitlabState;
  aws: AwsState;
  reset(): void;
  snapshot(): unknown;
};

export function createWorld(realNow?: () => number): World {
  const clock = createClock(realNow);
  const world: World = {
    clock,
    faults: createFaults(),
    log: createCallLog(),
    gitlab: seedGitlab(clock.now()),
    aws: createAwsState(),
    reset() {
      world.faults.clear();
      world.log.clear();
      world.gitlab = seedGitlab(clock.now());
      world.aws = createAwsState();
    },
    snapshot: () => ({ now: clock.now(), gitlab: gitlabSnapshot(world.gitlab), aws: world.aws.snapshot(), mail: [] }),
  };
  return world;
}
