import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { z } from "zod";
import { viewerZone } from "#components/time.tsx";
import { PageHeader } from "#components/ui/page.tsx";
import { SPANS, type Span } from "#lib/domain/time-range.ts";
import { seesAll } from "#lib/domain/viewer.ts";
import { dashboard } from "#lib/queries/dashboard/dashboard.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { AccessSplit } from "./access-split.tsx";
import { KeyFigures } from "./key-figures.tsx";
import { LiveTimeline } from "./live-timeline.tsx";
import { Hatches } from "./looks.tsx";
import { OwnerGroups } from "./owner-groups.tsx";
import { RangeChoice } from "./range-choice.tsx";
import { Removals } from "./removals.tsx";
import { RequestsByDay } from "./requests-by-day.tsx";
import { UnusedRoles, UsedRoles } from "./role-use.tsx";
import { TimeToApprove } from "./time-to-approve.tsx";

export const metadata: Metadata = { title: "Overview" };

const query = z.object({ range: z.enum(SPANS as readonly [Span, ...Span[]]).catch("30d") });

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function DashboardPage({ searchParams }: Props) {
  const viewer = await requireViewer("/dashboard");
  const [{ range: span }, zone] = [query.parse(await searchParams), await viewerZone()];
  const figures = await dashboard(viewer, { span, zone }, { db: webDb() });
  if (!figures) notFound();
  const { now, range, live, flow, share, lateness, roles, groups } = figures;
  const per = range.daysPerBar === 1 ? "day" : "week";
  return (
    <>
      <PageHeader
        title="Overview"
        lead={`How temporary access is used${seesAll(viewer) ? "" : ", in the roles of your groups"}.`}
        actions={<RangeChoice current={span} />}
      />
      <Hatches />
      <KeyFigures figures={figures} />
      <div className="mt-5 grid gap-5 lg:grid-cols-2">
        <Card title="Live now" aside="What ends first is at the top" whole>
          <LiveTimeline live={live} now={now} />
        </Card>
        <Card title="Requests" aside={`By ${per}`}>
          <RequestsByDay flow={flow} range={range} />
        </Card>
        <Card title="Time to approve" aside={`Median of each ${per}`}>
          <TimeToApprove flow={flow} range={range} />
        </Card>
        <Card title="Temporary and standing access" aside="Now">
          <AccessSplit share={share} />
        </Card>
        <Card title="How late access was proved gone" aside="After its end">
          <Removals lateness={lateness} />
        </Card>
        <Card title="Most used roles" aside="By grants">
          <UsedRoles used={roles.used} />
        </Card>
        <Card title="Roles not used" aside="In this time">
          <UnusedRoles roles={roles} />
        </Card>
        <Card title="Owner groups" aside="What happened in their roles" whole>
          <OwnerGroups groups={groups} />
        </Card>
      </div>
    </>
  );
}

type CardProps = { title: string; aside: string; whole?: boolean; children: ReactNode };

function Card({ title, aside, whole = false, children }: CardProps) {
  return (
    <section className={`card min-w-0 p-4 sm:p-5 ${whole ? "lg:col-span-2" : ""}`}>
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-x-4">
        <h2>{title}</h2>
        <p className="text-sm text-muted">{aside}</p>
      </div>
      {children}
    </section>
  );
}
