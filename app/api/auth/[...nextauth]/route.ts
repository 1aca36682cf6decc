import NextAuth from "next-auth";
import { webEnv } from "#lib/env.ts";
import { authOptions } from "#lib/identity/auth-options.ts";
import { scopesOf } from "#lib/identity/scopes-of.ts";
import { webDb } from "#lib/web/db.ts";
import { logSignInFault } from "#lib/web/log.ts";

type Context = { params: Promise<{ nextauth: string[] }> };

async function handle(request: Request, context: Context): Promise<Response> {
  const [step] = (await context.params).nextauth;
  if (step !== "signin" || request.method !== "POST") return answer(request, context, "");
  const env = webEnv();
  try {
    return await answer(request, context, await scopesOf(env.OIDC_ISSUER));
  } catch (error) {
    logSignInFault("DISCOVERY_ERROR", error);
    // In the shape that next-auth's script in the page waits for.
    return Response.json({ url: `${env.PUBLIC_URL}/sign-in?error=OAuthSignin` });
  }
}

async function answer(request: Request, context: Context, scope: string): Promise<Response> {
  const options = authOptions({ db: webDb(), env: webEnv(), scope, onFault: logSignInFault });
  return (await NextAuth(request as never, context as never, options)) as Response;
}

export { handle as GET, handle as POST };
