import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { z } from "zod";
import { EvidenceFacts } from "#components/evidence-facts.tsx";
import { ExportForm } from "#components/export-form.tsx";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Empty, PageHeader } from "#components/ui/page.tsx";
import { quarterOf, quarterRange } from "#lib/domain/selection.ts";
import { seesAll } from "#lib/domain/viewer.ts";
import { clockNow } from "#lib/queries/clock-now.ts";
import { SHOWN_MAX, evidencePage } from "#lib/queries/evidence.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";

export const metadata: Metadata = { title: "Evidence of a quarter" };

const query = z.object({ quarter: z.string().trim().max(16).optional().catch(undefined) });

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** What happened to every request in one quarter, for whoever has to show it to somebody. */
export default async function QuarterPage({ searchParams }: Props) {
  const viewer = await requireViewer("/evidence");
  if (!seesAll(viewer)) notFound();
  const db = webDb();
  const now = await clockNow({ db });
  const asked = query.parse(await searchParams).quarter ?? quarterOf(now);
  const quarter = quarterRange(asked) ? asked : null;
  const { evidence, isAll } = quarter ? await evidencePage(viewer, quarter, { db }) : { evidence: [], isAll: true };
  return (
    <>
      <PageHeader
        back={{ href: "/history", label: "History" }}
        title={quarter ? `Evidence of ${quarter}` : "Evidence of a quarter"}
        lead="Every request of which something happened in that time (UTC), as the history tells it."
        actions={
          quarter ? <ExportForm fields={{ format: "evidence", quarter }} label="As JSON, to verify" /> : undefined
        }
      />
      <form className="mb-6 flex flex-wrap items-end gap-3">
        <label className="grid gap-1 text-sm">
          Quarter
          <input className="input" name="quarter" defaultValue={asked} placeholder="2026-Q4" />
        </label>
        <Button type="submit">Show</Button>
      </form>
      {quarter ? null : <Notice tone="bad">Name a quarter like 2026-Q4.</Notice>}
      {quarter && evidence.length === 0 ? <Empty>Nothing happened to any request in this time.</Empty> : null}
      <ol className="grid gap-4">
        {evidence.map((told) => (
          <li key={told.requestId} className="card p-5">
            <h2 className="mb-3 text-base">
              <Link href={`/requests/${told.requestId}/evidence`} prefetch={false} className="link">
                {told.asked ? `${told.asked.by}, ${told.asked.role ?? "a role"}` : "A request from before"}
              </Link>
            </h2>
            <EvidenceFacts evidence={told} />
          </li>
        ))}
      </ol>
      {isAll ? null : <p className="mt-4 text-muted">These are the first {SHOWN_MAX}; the JSON has all of them.</p>}
    </>
  );
}
