import { expect, test } from "vitest";
import {
  ABSENT,
  driftOf,
  nextStep,
  standingBaseline,
  targetOf,
  wantedBy,
  type BindingCase,
  type Seen,
} from "./binding.ts";

const END = new Date("2026-03-02T14:00:00Z");
const developer: Seen = { state: "present", level: "developer", until: null };
const ours: Seen = { state: "present", level: "maintainer", until: "2026-03-03" };

function at(given: Partial<BindingCase>): BindingCase {
  return {
    kind: "gitlab-group",
    wanted: { level: "maintainer", endsAt: END },
    backstop: "2026-03-03",
    activating: false,
    baseline: ABSENT,
    intended: ours,
    confirmed: ours,
    seen: ours,
    lastSeen: ours,
    answered: false,
    lags: false,
    providerNow: "2026-03-02",
    ...given,
  };
}

const ended = { wanted: null, backstop: null } as const;

test("wanted is the highest level until the latest end", () => {
  const later = new Date("2026-03-02T16:00:00Z");
  expect(
    wantedBy("gitlab-group", [
      { level: "maintainer", endsAt: END },
      { level: "developer", endsAt: later },
    ]),
  ).toEqual({ level: "maintainer", endsAt: later });
  expect(wantedBy("gitlab-group", [])).toBeNull();
});

test.each<[string, Partial<BindingCase>, ReturnType<typeof nextStep>]>([
  [
    "a first grant is applied with the provider's own expiry",
    { intended: null, confirmed: null, seen: ABSENT, activating: true },
    { kind: "apply", standing: { level: "maintainer", until: "2026-03-03" }, restores: false, drift: null },
  ],
  ["what is already so is settled without a write", {}, { kind: "settle", drift: null }],
  ["ended access that had no baseline is removed", ended, { kind: "remove", drift: null }],
  [
    "ended access that is gone after our removal is settled",
    { ...ended, intended: ABSENT, seen: ABSENT },
    { kind: "settle", drift: null },
  ],
  [
    "a look right after our write that shows something else tells nothing",
    { lags: true, seen: ABSENT },
    { kind: "wait" },
  ],
  [
    "a first look right after a grant ended may still show that grant",
    { intended: null, confirmed: null, lastSeen: ABSENT, seen: ours, activating: true, lags: true },
    { kind: "wait" },
  ],
  ["a removal does not wait for that", { ...ended, lags: true, seen: ABSENT }, { kind: "remove", drift: null }],
  [
    "a removal without an answer is made again, whatever is seen",
    { ...ended, intended: ABSENT, confirmed: ours, seen: ABSENT, lags: true },
    { kind: "remove", drift: null },
  ],
  [
    "a removal with an answer that is seen gone is settled",
    { ...ended, intended: ABSENT, confirmed: ours, seen: ABSENT, lags: true, answered: true },
    { kind: "settle", drift: null },
  ],
  [
    "what a hand lowered goes with the last grant",
    { ...ended, seen: { ...ours, level: "guest" } },
    { kind: "remove", drift: "lowered-by-hand" },
  ],
  [
    "a look that shows nothing right after we added something is not proof: it is removed once",
    { ...ended, confirmed: null, seen: ABSENT },
    { kind: "remove", drift: null },
  ],
  [
    "a look that shows the baseline right after we raised it is not proof: it is put back once",
    { ...ended, baseline: developer, confirmed: null, seen: developer },
    { kind: "apply", standing: { level: "developer", until: null }, restores: true, drift: null },
  ],
  [
    "a baseline is put back exactly, its missing expiry included",
    { ...ended, baseline: developer },
    { kind: "apply", standing: { level: "developer", until: null }, restores: true, drift: null },
  ],
  [
    "a baseline's own expiry is put back exactly",
    { ...ended, baseline: { state: "present", level: "developer", until: "2026-06-01" } },
    { kind: "apply", standing: { level: "developer", until: "2026-06-01" }, restores: true, drift: null },
  ],
  [
    "a baseline that would have run out meanwhile is not brought back",
    { ...ended, baseline: { state: "present", level: "developer", until: "2026-03-02" } },
    { kind: "remove", drift: null },
  ],
  [
    "standing access that is higher is never lowered",
    {
      baseline: { state: "present", level: "owner", until: null },
      intended: null,
      confirmed: null,
      seen: { state: "present", level: "owner", until: null },
    },
    { kind: "settle", drift: null },
  ],
  ["what a person removed is not granted again", { seen: ABSENT }, { kind: "settle", drift: "removed-by-hand" }],
  [
    "a level that a person raised is shown while the grant lives",
    { seen: { state: "present", level: "owner", until: "2026-03-03" } },
    { kind: "settle", drift: "raised-by-hand" },
  ],
  [
    "and ends with the grant",
    { ...ended, seen: { state: "present", level: "owner", until: "2026-03-03" } },
    { kind: "remove", drift: "raised-by-hand" },
  ],
  [
    "a grant approved after a hand removal applies again",
    { seen: ABSENT, activating: true },
    {
      kind: "apply",
      standing: { level: "maintainer", until: "2026-03-03" },
      restores: false,
      drift: "removed-by-hand",
    },
  ],
  [
    "an expiry that the holder moved out is put back",
    { seen: { state: "present", level: "maintainer", until: "2027-01-01" } },
    {
      kind: "apply",
      standing: { level: "maintainer", until: "2026-03-03" },
      restores: false,
      drift: "extended-by-hand",
    },
  ],
  [
    "access that the provider's own expiry took is no hand: the baseline comes back",
    { ...ended, baseline: developer, seen: ABSENT, providerNow: "2026-03-03" },
    { kind: "apply", standing: { level: "developer", until: null }, restores: true, drift: null },
  ],
  [
    "after a crash between the call and its record, what is there is ours and is removed",
    { ...ended, confirmed: null },
    { kind: "remove", drift: null },
  ],
  [
    "what Daypass never wrote is never removed",
    { ...ended, baseline: null, intended: null, confirmed: null, seen: developer },
    { kind: "settle", drift: null },
  ],
  [
    "of two overlapping grants the lower that stays lowers what is ours",
    { wanted: { level: "developer", endsAt: END } },
    { kind: "apply", standing: { level: "developer", until: "2026-03-03" }, restores: false, drift: null },
  ],
])("%s", (_fact, given, step) => {
  expect(nextStep(at(given))).toEqual(step);
});

test("whoever removes access by hand removes the standing access under it too", () => {
  expect(standingBaseline(at({ baseline: developer, seen: ABSENT }))).toEqual(ABSENT);
  expect(standingBaseline(at({ baseline: developer }))).toEqual(developer);
});

test("a lower baseline gets an expiry while the grant lives, so that nothing outlives a dead worker", () => {
  expect(targetOf(at({ baseline: developer }))).toEqual(ours);
});

test("a write whose reply was lost is not drift", () => {
  expect(driftOf(at({ confirmed: ABSENT, seen: ours }))).toBeNull();
});
