import "server-only";
import type { RequestState } from "../domain/request.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { requestRows, type RequestRow } from "./request-rows.ts";
import { visibleTo } from "./visible.ts";

export type RequestFilter = {
  readonly mine?: boolean | undefined;
  readonly state?: RequestState | undefined;
  readonly role?: string | undefined;
  /** The id of the last request of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
};

/** The viewer's requests and those of roles that they own or watch over, newest first. */
export async function requestsSeenBy(viewer: Viewer, filter: RequestFilter, { db }: { db: Db }): Promise<RequestRow[]> {
  const who = filter.mine
    ? Prisma.sql`q.requester_id = ${viewer.personId}::uuid`
    : visibleTo(viewer, Prisma.sql`q.requester_id`);
  const state = filter.state ? Prisma.sql`q.state = ${filter.state}` : Prisma.sql`true`;
  const role = filter.role ? Prisma.sql`r.slug = ${filter.role}` : Prisma.sql`true`;
  const next = filter.before ? Prisma.sql`q.id < ${filter.before}::uuid` : Prisma.sql`true`;
  return requestRows(db, Prisma.sql`${who} AND ${state} AND ${role} AND ${next}`, { limit: filter.limit });
}
