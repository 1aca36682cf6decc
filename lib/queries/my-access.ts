import "server-only";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { grantCards, type GrantCard } from "./grant-cards.ts";
import { requestRows, type RequestRow } from "./request-rows.ts";

const LATELY = 10;

export type MyAccess = {
  readonly open: readonly GrantCard[];
  readonly waiting: readonly RequestRow[];
  readonly ended: readonly GrantCard[];
  /** Requests of the last week that came to nothing, with who denied them. */
  readonly refused: readonly (RequestRow & { readonly deniedBy: string | null })[];
};

/** The start page: what the viewer has, waits for, and had lately. */
export async function myAccess(viewer: Viewer, { db }: { db: Db }): Promise<MyAccess> {
  const mine = Prisma.sql`g.person_id = ${viewer.personId}::uuid`;
  const asked = Prisma.sql`q.requester_id = ${viewer.personId}::uuid`;
  const [open, waiting, ended, refused, deniers] = await Promise.all([
    grantCards(db, Prisma.sql`${mine} AND g.closed_at IS NULL`, 100),
    requestRows(db, Prisma.sql`${asked} AND q.state = 'PENDING'`, { limit: 100 }),
    grantCards(db, Prisma.sql`${mine} AND g.closed_at IS NOT NULL`, LATELY),
    requestRows(
      db,
      Prisma.sql`${asked} AND q.state IN ('DENIED', 'EXPIRED') AND q.closed_at > daypass_now() - interval '7 days'`,
      { limit: LATELY },
    ),
    deniersOf(viewer, db),
  ]);
  return {
    // What is there comes before what is still to come.
    open: open.toSorted((a, b) => Number(a.state === "SCHEDULED") - Number(b.state === "SCHEDULED")),
    waiting,
    ended,
    refused: refused.map((request) => ({ ...request, deniedBy: deniers.get(request.id) ?? null })),
  };
}

async function deniersOf(viewer: Viewer, db: Db): Promise<Map<string, string>> {
  const rows = await db.$queryRaw<{ requestId: string; name: string }[]>`
    SELECT d.request_id AS "requestId", p.name FROM access_request q
      JOIN decision d ON d.request_id = q.id AND d.verdict = 'deny'
      JOIN person p ON p.id = d.approver_id
    WHERE q.requester_id = ${viewer.personId}::uuid AND q.state = 'DENIED'
      AND q.closed_at > daypass_now() - interval '7 days'`;
  return new Map(rows.map(({ requestId, name }) => [requestId, name]));
}
