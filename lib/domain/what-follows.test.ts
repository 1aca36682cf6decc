import { describe, expect, test } from "vitest";
import type { Seen } from "./binding.ts";
import type { Level, Place } from "./entitlement.ts";
import { followsWords, whatFollows, type Follows, type Share, type SharedPlace } from "./what-follows.ts";

const NOW = new Date("2026-11-24T14:00:00Z");
const share = (grantId: string, level: Level | null, changes: Partial<Share> = {}): Share => ({
  grantId,
  level,
  state: "ACTIVE",
  startsAt: new Date("2026-11-24T13:00:00Z"),
  endsAt: new Date("2026-11-24T15:00:00Z"),
  ...changes,
});
const place = (shares: readonly Share[], changes: Partial<SharedPlace> = {}): SharedPlace => ({
  connection: "gitlab",
  kind: "gitlab-group",
  target: "acme/payments",
  baseline: { state: "absent" },
  drift: null,
  shares,
  ...changes,
});
const had = (level: Level, until: string | null = null): Seen => ({ state: "present", level, until });
const becomes = (...pairs: [string, Level | null][]) => new Map(pairs);
const nothing = (because: string) => ({ kind: "nothing", because });

describe("what follows when a grant's level is lowered", () => {
  const one = [share("a", "maintainer")];

  test.each<[string, SharedPlace, Map<string, Level | null>, object]>([
    ["the only grant loses the place", place(one), becomes(["a", null]), { kind: "remove" }],
    [
      "the only grant is lowered",
      place(one),
      becomes(["a", "guest"]),
      { kind: "change", from: "maintainer", to: "guest" },
    ],
    [
      "another grant wants as much",
      place([...one, share("b", "maintainer")]),
      becomes(["a", null]),
      nothing("other-grant"),
    ],
    [
      "another grant wants less",
      place([...one, share("b", "developer")]),
      becomes(["a", null]),
      { kind: "change", from: "maintainer", to: "developer" },
    ],
    [
      "all grants lose it at once",
      place([...one, share("b", "developer")]),
      becomes(["a", null], ["b", null]),
      { kind: "remove" },
    ],
    [
      "the other grant is over",
      place([...one, share("b", "owner", { state: "ENDING" })]),
      becomes(["a", null]),
      { kind: "remove" },
    ],
    [
      "standing access comes back",
      place(one, { baseline: had("reporter") }),
      becomes(["a", null]),
      { kind: "change", from: "maintainer", to: "reporter" },
    ],
    [
      "standing access that has run out does not",
      place(one, { baseline: had("reporter", "2026-11-24") }),
      becomes(["a", null]),
      { kind: "remove" },
    ],
    [
      "standing access that gives as much was never touched",
      place(one, { baseline: had("owner") }),
      becomes(["a", null]),
      nothing("had-before"),
    ],
    [
      "somebody removed it by hand",
      place(one, { drift: "removed-by-hand" }),
      becomes(["a", null]),
      nothing("changed-by-hand"),
    ],
    [
      "somebody raised it by hand and a grant still wants it",
      place(one, { drift: "raised-by-hand" }),
      becomes(["a", "guest"]),
      nothing("changed-by-hand"),
    ],
    [
      "somebody raised it by hand and no grant wants it any more",
      place(one, { drift: "raised-by-hand" }),
      becomes(["a", null]),
      { kind: "remove" },
    ],
    [
      "a grant that has not begun",
      place([share("a", "maintainer", { state: "SCHEDULED", startsAt: new Date("2026-11-24T14:30:00Z") })]),
      becomes(["a", null]),
      nothing("not-set-up"),
    ],
  ])("%s", (_name, shared, to, expected) => {
    expect(whatFollows(shared, to, NOW)).toEqual(expected);
  });
});

describe("in words", () => {
  const gitlab: Place = { connection: "gitlab", kind: "gitlab-project", target: "acme/payments/api" };
  const group: Place = { connection: "aws", kind: "aws-iam-group", target: "payments" };
  const role: Place = { connection: "aws", kind: "aws-iam-role", target: "deployer" };

  test.each<[Follows, Place, string]>([
    [{ kind: "remove" }, gitlab, "GitLab: remove maya from acme/payments/api"],
    [{ kind: "remove" }, group, "AWS: remove IAM user maya from group payments"],
    [{ kind: "remove" }, role, "AWS: no longer let IAM user maya assume role deployer"],
    [
      { kind: "change", from: "owner", to: "guest" },
      gitlab,
      "GitLab: change maya in acme/payments/api from Owner to Guest",
    ],
    [{ kind: "nothing", because: "other-grant" }, group, "AWS: nothing, another grant still wants it"],
    [{ kind: "nothing", because: "not-set-up" }, gitlab, "GitLab: nothing, it is not set up yet"],
  ])("%j", (follows, where, words) => {
    expect(followsWords(follows, where, "maya")).toBe(words);
  });
});
