import { setTimeout as pause } from "node:timers/promises";
import type { Db } from "../db/client.ts";
import type { WorkerEnv } from "../env.ts";
import { announceEndings } from "../notify/announce-endings.ts";
import { forgetOldMails, openChannel } from "../notify/channel.ts";
import { followHistory, passHistory } from "../notify/follow-history.ts";
import { addressOf, mailServerAt } from "../notify/mail-server.ts";
import type { Pages } from "../notify/mail-words.ts";
import { sendMails } from "../notify/send-mails.ts";
import { repeat } from "./repeat.ts";

const EVERY_MS = 2_000;
const FORGET_EVERY_MS = 60 * 60_000;
/** A mail that is being handed in may end well; a server that hangs must not keep the worker from stopping. */
const STOP_WITHIN_MS = 3_000;

type Failed = (task: string) => (error: unknown) => void;

/**
 * Tells people by e-mail, in rounds of its own: a mail server that hangs holds neither the queue's jobs nor a sweep, and
 * so no removal.
 */
export function mailRounds(env: WorkerEnv, db: Db, failed: Failed): readonly { stop(): Promise<void> }[] {
  if (!env.MAIL_URL || !env.MAIL_FROM) return [repeat(EVERY_MS, () => passHistory({ db }), failed("history"))];
  const server = mailServerAt(env.MAIL_URL);
  const sender = { server, from: env.MAIL_FROM };
  const pages: Pages = {
    request: (id) => `${env.PUBLIC_URL}/requests/${id}`,
    grant: (id) => `${env.PUBLIC_URL}/grants/${id}`,
    proposal: (id) => `${env.PUBLIC_URL}/widenings/${id}`,
  };
  const write = async () => {
    await openChannel(addressOf(server), { db });
    await followHistory(pages, { db });
    await announceEndings(pages, { db });
  };
  const stopping = new AbortController();
  const send = async () => {
    const { away } = await sendMails(sender, { db, signal: stopping.signal });
    if (away) throw new Error(`The mail server takes nothing: ${away}`);
  };
  const sending = repeat(EVERY_MS, send, failed("mail to send"));
  return [
    repeat(EVERY_MS, write, failed("mail to write")),
    {
      stop: () => {
        stopping.abort();
        return Promise.race([sending.stop(), pause(STOP_WITHIN_MS)]);
      },
    },
    repeat(FORGET_EVERY_MS, () => forgetOldMails({ db }), failed("old mail")),
  ];
}
