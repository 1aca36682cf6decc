import { expect, test } from "vitest";
import { planSteps } from "./plan-steps.ts";

const at = (hour: number) => new Date(Date.UTC(2026, 10, 24, hour));
const said = (moment: Date) => `${moment.getUTCHours()} h`;
const maintainer = { kind: "gitlab-group", level: "maintainer" } as const;

test("where Daypass put nothing, what is there comes back", () => {
  expect(planSteps(maintainer, null, at(14), said)).toEqual([
    "What is there now",
    "Maintainer until about 14 h",
    "What was there before",
  ]);
  expect(planSteps(maintainer, null, null, said)[1]).toBe("Maintainer");
});

test("a shorter grant of what is held already changes nothing", () => {
  expect(planSteps(maintainer, { level: "maintainer", endsAt: at(16) }, at(14), said)).toEqual([
    "Maintainer until 16 h, as already now",
  ]);
  expect(planSteps(maintainer, { level: "owner", endsAt: at(16) }, at(14), said)).toEqual([
    "Owner until 16 h, as already now",
  ]);
});

test("a longer one makes it longer, and never lowers what is held", () => {
  expect(planSteps(maintainer, { level: "maintainer", endsAt: at(13) }, at(14), said)).toEqual([
    "Maintainer until 13 h",
    "Maintainer until about 14 h",
    "What was there before",
  ]);
  expect(planSteps(maintainer, { level: "owner", endsAt: at(13) }, at(14), said)).toEqual([
    "Owner until 13 h",
    "then Maintainer until about 14 h",
    "What was there before",
  ]);
});

test("a higher level stands above what is held, which goes on after it", () => {
  const held = { level: "developer", endsAt: at(16) } as const;
  expect(planSteps(maintainer, held, at(14), said)).toEqual([
    "Developer until 16 h",
    "Maintainer until about 14 h",
    "Developer until 16 h",
  ]);
  expect(planSteps(maintainer, { ...held, endsAt: at(13) }, at(14), said).at(-1)).toBe("What was there before");
});
