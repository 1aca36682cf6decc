import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context, MiddlewareHandler } from "hono";
import { setTimeout as wait } from "node:timers/promises";
import { brokenAnswer } from "./broken-answer.ts";
import type { ProviderName } from "./call-log.ts";
import type { CallSeen, FaultRule } from "./faults.ts";
import type { World } from "./world.ts";

export type SandboxEnv = { Bindings: HttpBindings; Variables: { seen: CallSeen; struck: readonly FaultRule[] } };

/** Stands in front of one provider: lets the faults strike, and writes down what was answered. */
export function gate(world: World, provider: ProviderName): MiddlewareHandler<SandboxEnv> {
  return async (call, next) => {
    const seen = await look(call, provider);
    const struck = world.faults.striking(seen);
    call.set("seen", seen);
    call.set("struck", struck);
    const note = (status: number) => world.log.record({ at: world.clock.now().toISOString(), ...seen, status });

    const early = await strikeBefore(call, struck);
    if (early !== null) {
      note(early === "cut" ? 0 : early.status);
      call.res = early === "cut" ? cut(call) : early;
      return;
    }

    await next();
    const isLost = struck.some(({ kind }) => kind === "lost-after");
    note(isLost ? 0 : answeredStatus(call));
    if (isLost) call.res = cut(call);
  };
}

/** The body is read only where the action is in it: the identity provider reads its own from the socket. */
async function look(call: Context<SandboxEnv>, provider: ProviderName): Promise<CallSeen> {
  const { method, path } = call.req;
  if (provider !== "aws") return { provider, method, path };
  const target = call.req.header("x-amz-target")?.split(".").at(-1);
  const action = target ?? new URLSearchParams(await call.req.text()).get("Action") ?? undefined;
  return { provider, method, path, ...(action !== undefined && { action }) };
}

async function strikeBefore(call: Context<SandboxEnv>, struck: readonly FaultRule[]): Promise<Response | "cut" | null> {
  for (const rule of struck) {
    if (rule.kind === "slow") await wait(rule.ms);
    if (rule.kind === "down" || rule.kind === "lost-before") return "cut";
    if (rule.kind === "status" || rule.kind === "html") return brokenAnswer(call.get("seen"), rule);
  }
  return null;
}

/** Ends the connection without a word, as a crash or a broken line would. */
function cut(call: Context<SandboxEnv>): Response {
  call.env.outgoing.destroy();
  return RESPONSE_ALREADY_SENT;
}

/** The identity provider writes to the socket itself, and only the socket knows what it said. */
function answeredStatus(call: Context<SandboxEnv>): number {
  return call.env.outgoing.headersSent ? call.env.outgoing.statusCode : call.res.status;
}
