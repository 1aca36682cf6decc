import { randomBytes } from "node:crypto";
import { NextResponse, type NextRequest } from "next/server";
import { isDevelopment, webEnv } from "#lib/env.ts";
import { isSecureSite } from "#lib/identity/session-cookie.ts";
import { contentSecurityPolicy } from "#lib/web/content-security-policy.ts";

const TWO_YEARS = 2 * 365 * 24 * 60 * 60;

/** Gives every page its policy. Who may see it is decided where it is read, never here. */
export function proxy(request: NextRequest): NextResponse {
  const policy = contentSecurityPolicy(randomBytes(16).toString("base64"), { dev: isDevelopment() });
  const headers = new Headers(request.headers);
  // The renderer reads the nonce from here.
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  if (isSecureSite(webEnv().PUBLIC_URL)) response.headers.set("strict-transport-security", `max-age=${TWO_YEARS}`);
  return response;
}

// The API is left out: its answers have no scripts, and what passes through here is kept in memory first.
export const config = { matcher: ["/((?!api/|_next/static/).*)"] };
