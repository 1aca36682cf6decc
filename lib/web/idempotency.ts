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
  readonly fresh: boolean;
};

/** A key whose request died half-way may be tried again after this long. */
const GIVE_UP_SECONDS = 60;
/** Marks a request that is still being worked on. */
const IN_PROGRESS = 0;

/** Runs `work` once per person and key; a second request with the same key and body gets the first one's answer. */
export async function once(
  db: Db,
  { personId, key, request }: { personId: string; key: string; request: string },
  work: () => Promise<Answer>,
): Promise<Answer> {
  if (key.length > 255) throw new Problem(400, "invalid-input", "An Idempotency-Key has at most 255 characters.");
  const requestHash = createHash("sha256").update(request).digest("hex");
  const kept = await claim(db, personId, key, requestHash);
  if (kept) return replay(kept, requestHash);
  try {
    const answer = await work();
    await db.idempotencyKey.update({
      where: { personId_key: { personId, key } },
      data: { status: answer.status, response: answer.body as object },
    });
    return answer;
  } catch (error) {
    await db.idempotencyKey.deleteMany({ where: { personId, key, status: IN_PROGRESS } });
    throw error;
  }
}

async function claim(db: Db, personId: string, key: string, requestHash: string): Promise<Kept | null> {
  const claimed = await db.$executeRaw`
    INSERT INTO idempotency_key (person_id, key, request_hash, status, response, created_at)
    VALUES (${personId}::uuid, ${key}, ${requestHash}, ${IN_PROGRESS}, 'null', clock_timestamp())
    ON CONFLICT (person_id, key) DO UPDATE SET request_hash = EXCLUDED.request_hash, created_at = EXCLUDED.created_at
      WHERE idempotency_key.status = ${IN_PROGRESS}
        AND idempotency_key.created_at < clock_timestamp() - ${GIVE_UP_SECONDS} * interval '1 second'`;
  if (claimed === 1) return null;
  const [kept] = await db.$queryRaw<Kept[]>`
    SELECT request_hash AS "requestHash", status, response FROM idempotency_key
    WHERE person_id = ${personId}::uuid AND key = ${key}`;
  return kept ?? null;
}

function replay(kept: Kept, requestHash: string): Answer {
  if (kept.requestHash !== requestHash) throw new Refused("idempotency-key-reused");
  if (kept.status === IN_PROGRESS)
    throw new Problem(409, "request-in-progress", "The first request with this key is still being worked on.");
  return { status: kept.status, body: kept.response };
}
