import "server-only";
import { createHash } from "node:crypto";
import { Refused } from "../domain/refusals.ts";
import type { Db } from "../db/client.ts";
import { Problem } from "./problem.ts";

type Answer = { readonly status: number; readonly body: unknown };
type Kept = {
  readonly requestHash: string;
  readonly status: number;
  readonly response: unknown;
};
type Claim = { readonly personId: string; readonly key: string; readonly requestHash: string };

/** A key whose request died half-way may be tried again after this long. */
const GIVE_UP_SECONDS = 60;
const KEPT_HOURS = 24;
/** Marks a request that is still being worked on. */
const IN_PROGRESS = 0;

/** Runs `work` once per person and key; a second request with the same key and body gets the first one's answer. */
export async function once(
  db: Db,
  { personId, key, request }: { personId: string; key: string; request: string },
  work: () => Promise<Answer>,
): Promise<Answer> {
  if (key === "" || key.length > 255)
    throw new Problem(400, "invalid-input", "An Idempotency-Key has 1 to 255 characters. Nothing was changed.");
  const claim = { personId, key, requestHash: createHash("sha256").update(request).digest("hex") };
  const kept = await take(db, claim);
  if (kept) return replay(kept, claim.requestHash);
  try {
    const answer = await work();
    await keep(db, claim, answer);
    return answer;
  } catch (error) {
    await db.idempotencyKey.deleteMany({ where: { personId, key, status: IN_PROGRESS } });
    throw error;
  }
}

/** Null when the key is ours to work under; otherwise what is known of whoever has it. */
async function take(db: Db, { personId, key, requestHash }: Claim): Promise<Kept | null> {
  for (;;) {
    const taken = await db.$executeRaw`
      INSERT INTO idempotency_key (person_id, key, request_hash, status, response, created_at)
      VALUES (${personId}::uuid, ${key}, ${requestHash}, ${IN_PROGRESS}, 'null', clock_timestamp())
      ON CONFLICT (person_id, key) DO UPDATE SET request_hash = EXCLUDED.request_hash, created_at = EXCLUDED.created_at
        WHERE idempotency_key.status = ${IN_PROGRESS}
          AND idempotency_key.created_at < clock_timestamp() - ${GIVE_UP_SECONDS} * interval '1 second'`;
    if (taken === 1) return null;
    const [kept] = await db.$queryRaw<Kept[]>`
      SELECT request_hash AS "requestHash", status, response FROM idempotency_key
      WHERE person_id = ${personId}::uuid AND key = ${key}`;
    // Whoever had it was refused and gave it back in between: it is free again.
    if (kept) return kept;
  }
}

async function keep(db: Db, { personId, key }: Claim, { status, body }: Answer): Promise<void> {
  await db.$executeRaw`
    UPDATE idempotency_key SET status = ${status}, response = ${JSON.stringify(body ?? null)}::jsonb
    WHERE person_id = ${personId}::uuid AND key = ${key}`;
  await db.$executeRaw`
    DELETE FROM idempotency_key WHERE person_id = ${personId}::uuid
      AND created_at < clock_timestamp() - ${KEPT_HOURS} * interval '1 hour'`;
}

function replay(kept: Kept, requestHash: string): Answer {
  if (kept.requestHash !== requestHash) throw new Refused("idempotency-key-reused");
  if (kept.status === IN_PROGRESS)
    throw new Problem(409, "request-in-progress", "The first request with this key is still being worked on.");
  return { status: kept.status, body: kept.response };
}
