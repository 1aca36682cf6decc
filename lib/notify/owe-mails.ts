import { v7 as newId } from "uuid";
import type { Tx } from "../db/client.ts";
import type { Mail } from "./mails-about.ts";

/**
 * Writes down that these mails are owed; they are sent later. Of what one person is told about one request only the
 * newest is worth sending: what still waits before it is overtaken.
 */
export async function oweMails(tx: Tx, mails: readonly Mail[]): Promise<void> {
  if (mails.length === 0) return;
  const rows = JSON.stringify(mails.map((mail) => ({ ...mail, id: newId() })));
  await tx.$executeRaw`
    INSERT INTO mail (id, fact, person_id, request_id, kind, subject, text, created_at, useful_until, due_at)
    SELECT m.id, m.fact, m."toId", m."requestId", m.kind, m.subject, m.text, clock.now, m."usefulUntil",
      clock.now + m."afterMs" * interval '1 millisecond'
    FROM jsonb_to_recordset(${rows}::jsonb) AS m(id uuid, fact text, "toId" uuid, "requestId" uuid, kind text,
        subject text, text text, "usefulUntil" timestamptz, "afterMs" int),
      (SELECT daypass_now() AS now) AS clock
    WHERE m."usefulUntil" > clock.now
    ON CONFLICT (fact, person_id) DO NOTHING`;
  const requestIds = mails.flatMap(({ requestId }) => requestId ?? []);
  await tx.$executeRaw`
    UPDATE mail SET due_at = NULL, outcome = 'overtaken', settled_at = daypass_now()
    WHERE request_id = ANY(${requestIds}::uuid[]) AND due_at IS NOT NULL AND leased_until IS NULL
      AND EXISTS (SELECT 1 FROM mail newer WHERE newer.request_id = mail.request_id
        AND newer.person_id = mail.person_id AND newer.id > mail.id)`;
}
