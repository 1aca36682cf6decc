import "server-only";
import { validate as isUuid } from "uuid";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { requestRows } from "./request-rows.ts";

/** What somebody asked for, to ask for it again. */
export type Asked = { readonly minutes: number; readonly justification: string; readonly ticket: string | null };

/** The viewer's own request for this role; null where it is none, somebody else's or redacted. */
export async function askedBefore(
  viewer: Viewer,
  slug: string,
  requestId: string | undefined,
  { db }: { db: Db },
): Promise<Asked | null> {
  if (!isUuid(requestId)) return null;
  const own = Prisma.sql`q.id = ${requestId}::uuid AND q.requester_id = ${viewer.personId}::uuid AND r.slug = ${slug}`;
  const [row] = await requestRows(db, Prisma.sql`${own} AND q.redacted_at IS NULL`, { limit: 1 });
  return row ? { minutes: row.minutes, justification: row.justification, ticket: row.ticket } : null;
}
