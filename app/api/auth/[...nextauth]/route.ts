import NextAuth from "next-auth";
import { webEnv } from "#lib/env.ts";
import { authOptions } from "#lib/identity/auth-options.ts";
import { webDb } from "#lib/web/db.ts";

type Context = { params: Promise<{ nextauth: string[] }> };

async function handle(request: Request, context: Context): Promise<Response> {
  return (await NextAuth(request as never, context as never, authOptions(webDb(), webEnv()))) as Response;
}

export { handle as GET, handle as POST };
