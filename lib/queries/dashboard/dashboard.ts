import "server-only";
import { timeRange, type Span, type TimeRange } from "../../domain/time-range.ts";
import type { Viewer } from "../../domain/viewer.ts";
import type { Db } from "../../db/client.ts";
import { databaseNow } from "../../db/now.ts";
import { latenessSince, type Lateness } from "../lateness.ts";
import { watchesOverRoles } from "../watches-over-roles.ts";
import { accessShare, type AccessShare } from "./access-share.ts";
import { groupUse, type GroupUse } from "./group-use.ts";
import { liveGrants, type LiveGrants } from "./live-grants.ts";
import { requestFlow, type RequestFlow } from "./request-flow.ts";
import { roleUse, type RoleUse } from "./role-use.ts";

export type Dashboard = {
  readonly now: Date;
  readonly range: TimeRange;
  readonly live: LiveGrants;
  readonly flow: RequestFlow;
  readonly share: AccessShare;
  readonly lateness: Lateness;
  readonly roles: RoleUse;
  readonly groups: GroupUse;
};

const GRANTS_SHOWN = 20;
const ROLES_SHOWN = 8;
const GROUPS_SHOWN = 20;

/** Everything at a glance: owners see it of the roles that they own, admins and auditors of all; null for everybody else. */
export async function dashboard(
  viewer: Viewer,
  { span, zone }: { span: Span; zone: string },
  { db }: { db: Db },
): Promise<Dashboard | null> {
  const [watchesOver, now] = await Promise.all([watchesOverRoles(viewer, { db }), databaseNow(db)]);
  if (!watchesOver) return null;
  const range = timeRange(span, zone, now);
  const { since } = range;
  const [live, flow, share, lateness, roles, groups] = await Promise.all([
    liveGrants(viewer, { most: GRANTS_SHOWN }, { db }),
    requestFlow(viewer, range, { db }),
    accessShare(viewer, { db }),
    latenessSince(viewer, since, { db }),
    roleUse(viewer, { since, most: ROLES_SHOWN }, { db }),
    groupUse(viewer, { since, most: GROUPS_SHOWN }, { db }),
  ]);
  return { now, range, live, flow, share, lateness, roles, groups };
}
