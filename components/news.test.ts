import { expect, test } from "vitest";
import { newsBetween, type Shown } from "./news.ts";

const shown = (id: string, state: string, words = state): Shown => ({ id, about: `Role ${id}`, state, words });

test("a changed state is said by name, with its words", () => {
  expect(newsBetween([shown("a", "PENDING")], [shown("a", "ACTIVE", "Active, 59 min left")])).toBe(
    "Role a: Active, 59 min left.",
  );
});

test("a countdown that went on is no news", () => {
  expect(newsBetween([shown("a", "ACTIVE", "59 min left")], [shown("a", "ACTIVE", "58 min left")])).toBe("");
});

test("what came anew is news, what went is not, and one thing shown twice is said once", () => {
  expect(newsBetween([shown("a", "ACTIVE")], [shown("b", "PENDING"), shown("b", "PENDING")])).toBe("Role b: PENDING.");
});

test("a flood is cut short", () => {
  expect(
    newsBetween(
      [],
      ["a", "b", "c", "d", "e"].map((id) => shown(id, "ENDED")),
    ),
  ).toMatch(/And 2 more\.$/);
});
