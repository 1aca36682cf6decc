import type { World } from "../world.ts";
import type { Call } from "./context.ts";
import { Refusal, unauthorized } from "./refusals.ts";

/** Who calls, from `PRIVATE-TOKEN` or `Authorization: Bearer`. A `read_api` token may only read. */
export function authenticate(world: World, call: Call): void {
  const secret =
    call.req.header("private-token") ?? /^Bearer (\S+)$/i.exec(call.req.header("authorization") ?? "")?.[1];
  const token = secret === undefined ? undefined : world.gitlab.tokens.get(secret);
  const caller = token && world.gitlab.users.get(token.userId);
  const today = world.clock.now().toISOString().slice(0, 10);
  if (!token || !caller || token.revoked || (token.expiresAt !== null && token.expiresAt <= today))
    throw unauthorized();
  if (caller.state === "blocked") {
    throw new Refusal(403, { message: "403 Forbidden - Your account has been blocked." });
  }
  if (!token.scopes.includes("api") && !mayWithout(token.scopes, call)) throw insufficientScope();
  call.set("caller", caller);
  call.set("token", token);
}

function mayWithout(scopes: readonly string[], call: Call): boolean {
  if (call.req.path.endsWith("/personal_access_tokens/self/rotate")) return scopes.includes("self_rotate");
  return call.req.method === "GET" && scopes.includes("read_api");
}

function insufficientScope(): Refusal {
  return new Refusal(403, {
    error: "insufficient_scope",
    error_description: "The request requires higher privileges than provided by the access token.",
    scope: "api",
  });
}
