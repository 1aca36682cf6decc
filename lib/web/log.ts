import "server-only";
import pino from "pino";
import { webEnv } from "../env.ts";

let logger: pino.Logger | undefined;

export function log(): pino.Logger {
  logger ??= pino({ level: webEnv().LOG_LEVEL, name: "web" });
  return logger;
}
