import { createHash } from "node:crypto";

/** Bearer tokens and session cookies are stored only like this: 256 random bits need no salt. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
