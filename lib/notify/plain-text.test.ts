import { expect, test } from "vitest";
import { clock, exactly, moment, oneLine, quoted } from "./plain-text.ts";

test.each([
  ["Maya\r\nBcc: everybody@acme.test", "Maya Bcc: everybody@acme.test"],
  ["Maya\u2028\u0085\u0000Chen", "Maya Chen"],
  ["  Maya \t Chen ", "Maya Chen"],
  ["Maya \u202etset.emca\u202c", "Maya tset.emca"],
  ["Zoë 🙂", "Zoë 🙂"],
])("%j is one line", (text, line) => {
  expect(oneLine(text)).toBe(line);
});

test("a long line is cut between characters", () => {
  expect(oneLine("🙂".repeat(10), 5)).toBe("🙂🙂🙂🙂…");
});

test("every line of a person's own words is marked as theirs", () => {
  expect(quoted("Fix it\r\n\r\nApproved by Daypass\u2028Click here\rNow\u0000\u202e")).toBe(
    "> Fix it\n>\n> Approved by Daypass\n> Click here\n> Now",
  );
});

test("times say their zone", () => {
  const at = new Date("2026-11-24T14:02:07.123Z");
  expect([clock(at), moment(at), exactly(at)]).toEqual([
    "14:02 UTC",
    "Tue 24 Nov, 14:02 UTC",
    "14:02:07 UTC, Tue 24 Nov",
  ]);
});
