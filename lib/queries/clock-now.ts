import "server-only";
import { databaseNow } from "../db/now.ts";
import type { Db } from "../db/client.ts";

/** What Daypass's clock says, for counting down to times that it wrote. */
export function clockNow({ db }: { db: Db }): Promise<Date> {
  return databaseNow(db);
}
