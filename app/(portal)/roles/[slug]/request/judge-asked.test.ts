import { expect, test } from "vitest";
import { judgeAsked } from "./judge-asked.ts";

const NOW = new Date("2026-11-24T12:00:00Z");

function asked(changes: Record<string, string>): { words: string; field: string | undefined } | null {
  const form = new FormData();
  const filled = { length: "30", justification: "Fix it", ticket: "", startsAt: "", ...changes };
  for (const [name, value] of Object.entries(filled)) form.set(name, value);
  return judgeAsked(form, 60, NOW);
}

test.each([
  [{ length: "exact", exact: "" }, "minutes"],
  [{ length: "exact", exact: "0" }, "minutes"],
  [{ length: "exact", exact: "1.5" }, "minutes"],
  [{ length: "exact", exact: "soon" }, "minutes"],
  [{ length: "exact", exact: "-5" }, "minutes"],
  [{ length: "exact", exact: "0x10" }, "minutes"],
  [{ length: "exact", exact: "1e1" }, "minutes"],
  [{ length: "exact", exact: "61" }, "minutes"],
  [{ justification: "  " }, "justification"],
  [{ justification: "x".repeat(2_001) }, "justification"],
  [{ ticket: "x".repeat(201) }, "ticket"],
  [{ startsAt: "2026-11-24T11:00:00Z" }, "startsAt"],
  [{ startsAt: "2027-11-24T11:00:00Z" }, "startsAt"],
])("%o is refused beside %s", (changes: Record<string, string>, field) => {
  expect(asked(changes)).toMatchObject({ field, words: expect.stringMatching(/\.$/) });
});

test("what may be asked for is sent", () => {
  expect(asked({})).toBeNull();
  expect(asked({ length: "exact", exact: "60", ticket: "PAY-1", startsAt: "2026-11-25T08:00:00Z" })).toBeNull();
});
