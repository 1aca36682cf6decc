import { webEnv } from "#lib/env.ts";
import { openapi } from "#lib/web/openapi.ts";

export const dynamic = "force-dynamic";

/** The one address of the API that needs no token: it says nothing that the documentation does not. */
export function GET(): Response {
  return Response.json(openapi(webEnv().PUBLIC_URL));
}
