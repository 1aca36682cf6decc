import { expect, test } from "vitest";
import { CHANGE_TITLES, isChangeKind } from "./change-words.ts";
import { whatStays, whyNotUndoable } from "./undoable.ts";

test("versions of roles, the rule of the second person and rollbacks can be rolled back, and nothing else", () => {
  const kinds = Object.keys(CHANGE_TITLES).filter((kind) => isChangeKind(kind));
  expect(kinds.filter((kind) => whyNotUndoable(kind) === null).sort()).toEqual([
    "four-eyes.switched",
    "role.created",
    "role.published",
    "role.rolled-back",
    "role.widened",
    "rollback.change",
    "rollback.point",
  ]);
});

test("a decision, an ended grant and a deactivation say why not", () => {
  expect(whyNotUndoable("request.approved")).toContain("A decision stands");
  expect(whyNotUndoable("grant.ended")).toContain("does not come back");
  expect(whyNotUndoable("person.deactivated")).toContain("does not come back");
});

test("what stays is counted, and what did not happen is not mentioned", () => {
  expect(whatStays({})).toEqual([]);
  expect(whatStays({ "grant.ended": 1, "grant.revoked": 1_200, "person.deactivated": 1 })).toEqual([
    "1,201 grants that ended since stay ended.",
    "1 person was deactivated since and stays so.",
  ]);
});
