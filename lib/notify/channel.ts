import type { Db } from "../db/client.ts";

/** Says that mail is on, and where it is handed in. Never the credentials. */
export async function openChannel(address: string, { db }: { db: Db }): Promise<void> {
  await db.$executeRaw`UPDATE notify_channel SET address = ${address}
    WHERE name = 'mail' AND address IS DISTINCT FROM ${address}`;
}

const KEPT_DAYS = 30;

/** What was told stays in the history; the mails themselves need not. */
export async function forgetOldMails({ db }: { db: Db }): Promise<void> {
  await db.$executeRaw`
    DELETE FROM mail WHERE settled_at < daypass_now() - ${KEPT_DAYS} * interval '1 day'`;
}
