import "server-only";
import { openDb, type Db } from "../db/client.ts";
import { webEnv } from "../env.ts";

declare global {
  var daypassDb: Db | undefined;
}

/** One pool per process. Hot reload loads modules again, but not the process. */
export function webDb(): Db {
  globalThis.daypassDb ??= openDb(webEnv().DATABASE_URL, { max: 20 });
  return globalThis.daypassDb;
}
