import { expect, test } from "vitest";
import { Refused } from "../domain/refusals.ts";
import { problemOf } from "./api.ts";
import { REFUSALS } from "./refusal-words.ts";

test("a refusal that knows what would be allowed ends with it", () => {
  const { status, errors } = problemOf(new Refused("place-spelled-otherwise", "entitlements", "acme/roles/payments"));
  const words = `${REFUSALS["place-spelled-otherwise"].words} acme/roles/payments`;
  expect({ status, errors }).toEqual({ status: 422, errors: [{ field: "entitlements", words }] });
});

test("any other says its words alone", () => {
  expect(problemOf(new Refused("slug-taken", "slug")).message).toBe(REFUSALS["slug-taken"].words);
});
