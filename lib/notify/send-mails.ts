import type { Db } from "../db/client.ts";
import type { MailServer } from "./mail-server.ts";
import { smtpTo, type Delivery } from "./smtp.ts";

/** So many in one round, so that a flood leaves time for others: mail servers count, and so does this machine. */
const AT_ONCE = 50;
/** Longer than handing in one mail may take. Machine time. */
const LEASE_SECONDS = 90;
/** A mail that may have arrived is sent again once. */
const REPEATS = 1;
const LONGEST_PAUSE_SECONDS = { away: 60, later: 900 } as const;

/** As PostgreSQL reads it: one address, and nothing that SMTP would take for more. */
const ADDRESS = String.raw`^[^[:space:]@<>(),;:"\\]+@[^[:space:]@<>(),;:"\\]+$`;

export type Sender = { readonly server: MailServer; readonly from: string };

type Leased = {
  readonly id: string;
  readonly requestId: string | null;
  readonly subject: string;
  readonly text: string;
  readonly createdAt: Date;
  readonly tries: number;
  readonly unsure: number;
  readonly email: string;
};

/**
 * Sends the mails that are due, oldest first, over one connection. A mail that is not taken waits or is settled and stops
 * no other; a server that is away ends the round, and so does `signal`. Gives how many were sent, and why it ended early if it did.
 */
export async function sendMails(
  sender: Sender,
  { db, signal }: { db: Db; signal?: AbortSignal },
): Promise<{ readonly sent: number; readonly away: string | null }> {
  await settlePointless(db);
  const smtp = smtpTo(sender.server);
  let sent = 0;
  try {
    for (let count = 0; count < AT_ONCE && !signal?.aborted; count += 1) {
      const mail = await takeLease(db);
      if (!mail) break;
      if (mail.unsure > REPEATS) {
        await settle(db, mail, "unsure", "Its answer was not heard twice; it may have arrived");
        continue;
      }
      const delivery = await smtp.send(outgoing(mail, sender));
      await note(db, mail, delivery);
      if (delivery.kind === "taken") sent += 1;
      if (delivery.kind === "away" || delivery.kind === "unsure") return { sent, away: delivery.words };
    }
    return { sent, away: null };
  } finally {
    smtp.close();
  }
}

/** What would be no news, has nobody to reach, or would reach somebody who is deactivated is not sent. */
async function settlePointless(db: Db): Promise<void> {
  await db.$executeRaw`
    UPDATE mail m SET due_at = NULL, leased_until = NULL, outcome = 'pointless', settled_at = clock.now
    FROM (SELECT daypass_now() AS now) AS clock, person p
    WHERE m.due_at <= (SELECT daypass_now()) AND (m.leased_until IS NULL OR m.leased_until < clock_timestamp())
      AND p.id = m.person_id
      AND (m.useful_until < clock.now OR p.deactivated_at IS NOT NULL
        OR p.email !~ ${ADDRESS}
        OR m.kind = 'waits' AND NOT EXISTS
          (SELECT 1 FROM access_request q WHERE q.id = m.request_id AND q.state = 'PENDING'))`;
}

/** A lease that ran out is a worker that died while it sent: that mail may have arrived. */
async function takeLease(db: Db): Promise<Leased | null> {
  const rows = await db.$queryRaw<Leased[]>`
    UPDATE mail m SET leased_until = clock_timestamp() + ${LEASE_SECONDS} * interval '1 second', tries = m.tries + 1,
      unsure = m.unsure + (m.leased_until IS NOT NULL)::int
    FROM person p
    WHERE p.id = m.person_id AND m.id = (
      SELECT id FROM mail
      WHERE due_at <= (SELECT daypass_now()) AND (leased_until IS NULL OR leased_until < clock_timestamp())
      ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING m.id, m.request_id AS "requestId", m.subject, m.text, m.created_at AS "createdAt", m.tries, m.unsure,
      p.email`;
  return rows[0] ?? null;
}

function outgoing(mail: Leased, { from }: Sender) {
  const { id, subject, text, createdAt: writtenAt, email: to, requestId: threadId } = mail;
  return { id, from, to, subject, text, writtenAt, threadId };
}

async function note(db: Db, mail: Leased, delivery: Delivery): Promise<void> {
  switch (delivery.kind) {
    case "taken":
      await settle(db, mail, "sent", null);
      return noteAnswer(db);
    case "refused":
      await settle(db, mail, "refused", delivery.words);
      return noteAnswer(db);
    case "later":
      await postpone(db, mail, delivery.words, LONGEST_PAUSE_SECONDS.later);
      return noteAnswer(db);
    case "unsure":
      await db.$executeRaw`UPDATE mail SET unsure = unsure + 1 WHERE id = ${mail.id}::uuid`;
      return postpone(db, mail, delivery.words, LONGEST_PAUSE_SECONDS.away);
    case "away":
      await postpone(db, mail, delivery.words, LONGEST_PAUSE_SECONDS.away);
      await db.$executeRaw`
        UPDATE notify_channel SET down_since = COALESCE(down_since, daypass_now()), last_error = ${delivery.words}
        WHERE name = 'mail'`;
  }
}

async function settle(db: Db, mail: Leased, outcome: "sent" | "refused" | "unsure", words: string | null) {
  await db.$executeRaw`
    UPDATE mail SET outcome = ${outcome}, settled_at = daypass_now(), due_at = NULL, leased_until = NULL,
      last_error = ${words}
    WHERE id = ${mail.id}::uuid`;
}

async function postpone(db: Db, mail: Leased, words: string, longestSeconds: number): Promise<void> {
  const seconds = Math.min(longestSeconds, 5 * 2 ** Math.min(mail.tries - 1, 10));
  await db.$executeRaw`
    UPDATE mail SET due_at = daypass_now() + ${seconds} * interval '1 second', leased_until = NULL, last_error = ${words}
    WHERE id = ${mail.id}::uuid`;
}

/** Not for every mail: who follows the history waits for this row. */
async function noteAnswer(db: Db): Promise<void> {
  await db.$executeRaw`
    UPDATE notify_channel SET last_ok_at = daypass_now(), down_since = NULL, last_error = NULL
    WHERE name = 'mail' AND (down_since IS NOT NULL OR last_ok_at IS NULL
      OR last_ok_at < daypass_now() - interval '10 seconds')`;
}
