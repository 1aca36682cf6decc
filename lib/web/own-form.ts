import "server-only";
import { webEnv } from "../env.ts";

/** Whether a form was sent from Daypass itself. Browsers say where a POST comes from. */
export function isFromOurPages(request: Request): boolean {
  const origin = request.headers.get("origin");
  return origin === null || origin === new URL(webEnv().PUBLIC_URL).origin;
}

/** Leads on after a form was sent. */
export function seeOther(path: string): Response {
  return new Response(null, { status: 303, headers: { location: path, "cache-control": "no-store" } });
}
