import { expect, test } from "vitest";
import { clockTicks, timelineWindow } from "./timeline-window.ts";

const NOW = new Date("2026-11-24T14:32:00Z");
const grant = (since: string, until: string) => ({ since: new Date(since), until: new Date(until) });
const shown = (...grants: ReturnType<typeof grant>[]) => {
  const { from, to } = timelineWindow(grants, NOW);
  return [new Date(from).toISOString().slice(11, 16), new Date(to).toISOString().slice(11, 16)];
};

test("the window goes from the first beginning to the last end", () => {
  const [one, two] = [
    grant("2026-11-24T14:00:00Z", "2026-11-24T15:00:00Z"),
    grant("2026-11-24T13:00:00Z", "2026-11-24T18:00:00Z"),
  ];
  expect(shown(one, two)).toEqual(["13:00", "18:00"]);
});

test("what began long ago does not leave less room to the past than to what is left", () => {
  expect(shown(grant("2026-11-17T14:32:00Z", "2026-11-24T16:32:00Z"))).toEqual(["12:32", "16:32"]);
});

test("what should have ended still has a window", () => {
  expect(shown(grant("2026-11-24T13:00:00Z", "2026-11-24T14:00:00Z"))).toEqual(["13:32", "15:02"]);
});

test("ticks are round on the viewer's clock", () => {
  const window = timelineWindow([grant("2026-11-24T13:00:00Z", "2026-11-24T18:00:00Z")], NOW);
  const times = (zone: string, most: number) =>
    clockTicks(window, zone, most).map((at) => new Date(at).toISOString().slice(11, 16));
  expect(times("UTC", 6)).toEqual(["13:00", "14:00", "15:00", "16:00", "17:00", "18:00"]);
  expect(times("Asia/Kolkata", 6)).toEqual(["13:30", "14:30", "15:30", "16:30", "17:30"]);
  expect(times("UTC", 3)).toEqual(["14:00", "16:00", "18:00"]);
});
