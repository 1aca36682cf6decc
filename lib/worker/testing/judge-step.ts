import {
  handsAreRespected,
  intentComesFirst,
  nothingIsForgotten,
  overlapsAreKept,
  standingAccessIsKept,
  statesAreTrue,
} from "./promises-of-access.ts";
import {
  chainHolds,
  deactivatedMeansNothing,
  nothingWidens,
  onlyHoldersSettle,
  stateAndStoryAgree,
} from "./promises-of-rows.ts";
import type { Broken, Step } from "./step.ts";

type Check = (step: Step) => Iterable<Broken>;

/** Everything that holds after every single step, whatever happened. An empty list is what the product stands for. */
export function judgeStep(step: Step): Broken[] {
  return CHECKS.flatMap((check) => [...check(step)]);
}

const CHECKS: readonly Check[] = [
  intentComesFirst,
  nothingIsForgotten,
  overlapsAreKept,
  standingAccessIsKept,
  handsAreRespected,
  statesAreTrue,
  onlyHoldersSettle,
  stateAndStoryAgree,
  chainHolds,
  nothingWidens,
  deactivatedMeansNothing,
];
