import { expect, test } from "vitest";
import { contentSecurityPolicy } from "./content-security-policy.ts";

const directives = (policy: string) =>
  Object.fromEntries(policy.split("; ").map((part) => [part.split(" ")[0], part.split(" ").slice(1).join(" ")]));

test("scripts run only when they are our own or carry the nonce of this answer", () => {
  const policy = directives(contentSecurityPolicy("n0nce", { dev: false }));
  expect(policy["script-src"]).toBe("'self' 'nonce-n0nce'");
  expect(policy["default-src"]).toBe("'none'");
});

test("no other site may frame a page, and no form may be sent elsewhere", () => {
  const policy = directives(contentSecurityPolicy("n0nce", { dev: false }));
  expect(policy).toMatchObject({ "frame-ancestors": "'none'", "form-action": "'self'", "base-uri": "'none'" });
});
