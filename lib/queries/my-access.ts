import "server-only";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { grantCards, type GrantCard } from "./grant-cards.ts";
import { requestRows, type RequestRow } from "./request-rows.ts";

const LATELY = 10;

/** The start page: what the viewer has, waits for, and had lately. */
export async function myAccess(
  viewer: Viewer,
  { db }: { db: Db },
): Promise<{ open: GrantCard[]; waiting: RequestRow[]; ended: GrantCard[] }> {
  const mine = Prisma.sql`g.person_id = ${viewer.personId}::uuid`;
  const [open, waiting, ended] = await Promise.all([
    grantCards(db, Prisma.sql`${mine} AND g.closed_at IS NULL`, 100),
    requestRows(db, Prisma.sql`q.requester_id = ${viewer.personId}::uuid AND q.state = 'PENDING'`, { limit: 100 }),
    grantCards(db, Prisma.sql`${mine} AND g.closed_at IS NOT NULL`, LATELY),
  ]);
  return { open, waiting, ended };
}
