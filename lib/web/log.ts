import "server-only";
import pino from "pino";
import { webEnv } from "../env.ts";

let logger: pino.Logger | undefined;

export function log(): pino.Logger {
  logger ??= pino({ level: webEnv().LOG_LEVEL, name: "web" });
  return logger;
}

/** Only the words of the error: what else an OpenID client hangs on it may hold a secret or a token. */
export function logSignInFault(step: string, error: unknown): void {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : "not an error";
  log().error({ step, reason }, "a sign-in failed");
}
