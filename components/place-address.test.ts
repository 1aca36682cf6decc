import { expect, test } from "vitest";
import { placeAddress, placeIn } from "./place-address.ts";

test.each([
  { connection: "gitlab", kind: "gitlab-project", target: "acme/payments/api" },
  { connection: "aws", kind: "aws-iam-role", target: "a+b=c,d.e@f" },
] as const)("the address of $target leads back to it", (place) => {
  const [, , ...parts] = placeAddress(place).split("/");
  expect(placeIn(parts)).toEqual(place);
});

test("an address that is cut off names no place", () => {
  expect(placeIn(["gitlab", "gitlab-group", "acme%2"])).toBeNull();
});
