import "server-only";
import { z } from "zod";
import { SPANS, type Span } from "../../domain/time-range.ts";
import type { AccessShare } from "../../queries/dashboard/access-share.ts";
import type { GroupUse } from "../../queries/dashboard/group-use.ts";
import type { LiveGrants } from "../../queries/dashboard/live-grants.ts";
import type { Flow } from "../../queries/dashboard/request-flow.ts";
import type { RoleUse } from "../../queries/dashboard/role-use.ts";
import { grantState } from "./access-answers.ts";
import { moment, named } from "./answer.ts";

const live = z.object({
  ...{ count: z.int(), scheduled: z.int() },
  items: z.array(
    z.object({
      ...{ id: z.uuid(), person: z.string(), role: z.string(), roleName: z.string() },
      ...{ state: grantState, since: moment, until: moment },
    }),
  ),
}) satisfies z.ZodType<LiveGrants>;

const flow = z.object({
  ...{ asked: z.int(), approved: z.int(), denied: z.int(), undecided: z.int(), waiting: z.int() },
  medianSeconds: z.number().nullable(),
}) satisfies z.ZodType<Flow>;

const share = z.object({
  ...{ places: z.int(), lookedAt: moment.nullable() },
  ...{ temporary: z.int(), raised: z.int(), kept: z.int(), unexplained: z.int() },
}) satisfies z.ZodType<AccessShare>;

const usedRole = z.object({
  ...{ role: z.string(), roleName: z.string(), ownerGroup: z.string(), grants: z.int(), people: z.int() },
  ...{ lastUsedAt: moment.nullable(), createdAt: moment },
});
const roles = z.object({
  ...{ roles: z.int(), unusedCount: z.int() },
  ...{ used: z.array(usedRole), unused: z.array(usedRole) },
}) satisfies z.ZodType<RoleUse>;

const groups = z.object({
  count: z.int(),
  items: z.array(
    z.object({
      ...{ group: z.string(), roles: z.int(), live: z.int(), asked: z.int(), approved: z.int() },
      ...{ medianSeconds: z.number().nullable(), grants: z.int(), late: z.int() },
    }),
  ),
}) satisfies z.ZodType<GroupUse>;

export const dashboardAnswer = named(
  "Dashboard",
  z.object({
    now: moment,
    range: z.object({
      span: z.enum(SPANS as [Span, ...Span[]]),
      ...{ zone: z.string(), since: moment, daysPerBar: z.int() },
    }),
    ...{ live, flow: z.object({ all: flow, bars: z.array(flow.extend({ day: z.iso.date() })) }), share, roles, groups },
    lateness: z.object({
      ...{ removals: z.int(), late: z.int() },
      bars: z.array(z.object({ afterEnd: z.string(), removals: z.int() })),
    }),
  }),
);
