import { Prisma } from "./generated/client.ts";
import { LIVE_STATES } from "./live-states.ts";

/** Whether another live grant goes on from where the grant `g` ends. */
export const isExtended = Prisma.sql`EXISTS (SELECT 1 FROM access_request e JOIN access_grant next ON next.request_id = e.id
  WHERE e.extends_id = g.id AND next.state IN ${LIVE_STATES})`;
