import { createAwsState, type AwsState } from "./aws/state.ts";
import { createCallLog, type CallLog } from "./call-log.ts";
import { createClock, type Clock } from "./clock.ts";
import { createFaults, type Faults } from "./faults.ts";
import { seedGitlab } from "./gitlab/seed.ts";
import { gitlabSnapshot } from "./gitlab/snapshot.ts";
import type { GitlabState } from "./gitlab/state.ts";
import { createInbox, type Inbox } from "./mail/inbox.ts";
import { createLimits, type Limits } from "./limits.ts";
import { seedPeople, type People } from "./people.ts";
import { createSiemStore, type SiemStore } from "./siem/received.ts";

/**
 * One sandbox. A reset replaces `gitlab`, `aws` and `people`, and a stale read is answered by an app over an older
 * copy, so read them through the world in every handler and never keep them.
 *
 * `AwsState` owes us `snapshot(): unknown` (JSON, for `/_state`) and `clone(): AwsState` (a deep copy, for stale reads).
 */
export type World = {
  clock: Clock;
  faults: Faults;
  limits: Limits;
  log: CallLog;
  people: People;
  gitlab: GitlabState;
  aws: AwsState;
  mail: Inbox;
  siem: SiemStore;
  reset(): void;
  snapshot(): object;
};

export function createWorld(realNow?: () => number): World {
  const clock = createClock(realNow);
  const people = seedPeople();
  const world: World = {
    clock,
    faults: createFaults(),
    limits: createLimits(),
    log: createCallLog(),
    people,
    gitlab: seedGitlab(people, clock.now()),
    aws: createAwsState(),
    mail: createInbox(),
    siem: createSiemStore(),
    reset() {
      clock.moveTo(0);
      world.faults.clear();
      world.limits.clear();
      world.log.clear();
      world.people = seedPeople();
      world.gitlab = seedGitlab(world.people, clock.now());
      world.aws = createAwsState();
      world.mail.clear();
      world.siem.clear();
    },
    snapshot: () => ({
      now: clock.now(),
      idp: Object.fromEntries([...world.people.values()].map((each) => [each.username, each])),
      gitlab: gitlabSnapshot(world.gitlab),
      aws: world.aws.snapshot(),
      mail: world.mail.list(),
      siem: world.siem.summary(),
    }),
  };
  return world;
}
