import { expect, test } from "vitest";
import { fitsSearch } from "./fits-search.ts";

const ROLE = {
  name: "Payments maintainer",
  slug: "payments-maintainer",
  summary: "Merge and deploy payments.",
  ownerGroup: "acme/payments",
  entitlements: [{ kind: "gitlab-group", target: "acme/roles/payments-maintainer" }],
} as const;

test.each([
  [{}, true],
  [{ q: "  PAYMENTS deploy " }, true],
  [{ q: "acme/roles" }, true],
  [{ q: "payments platform" }, false],
  [{ provider: "gitlab" }, true],
  [{ provider: "aws" }, false],
  [{ owner: "acme/payments" }, true],
  [{ owner: "acme" }, false],
])("%o: %s", (search, fits) => {
  expect(fitsSearch(ROLE, { q: "", provider: "", owner: "", ...search })).toBe(fits);
});
