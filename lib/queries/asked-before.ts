import "server-only";
import { validate as isUuid } from "uuid";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";

/** What somebody asked for, to ask for it again. */
export type Asked = { readonly minutes: number; readonly justification: string; readonly ticket: string | null };

/** The viewer's own request for this role; null where it is none, somebody else's or redacted. */
export async function askedBefore(
  { personId }: Viewer,
  slug: string,
  requestId: string | undefined,
  { db }: { db: Db },
): Promise<Asked | null> {
  if (requestId === undefined || !isUuid(requestId)) return null;
  return db.accessRequest.findFirst({
    where: { id: requestId, requesterId: personId, role: { slug }, redactedAt: null },
    select: { minutes: true, justification: true, ticket: true },
  });
}
