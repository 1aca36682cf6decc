import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { z } from "zod";
import { ReceiptLine } from "#components/receipt-line.tsx";
import { Thread } from "#components/thread.tsx";
import { Time } from "#components/time.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Empty, PageHeader, Section } from "#components/ui/page.tsx";
import { seesAll, type Viewer } from "#lib/domain/viewer.ts";
import { DRIFT_CURSOR, driftCursor, driftFound, type DriftRow } from "#lib/queries/drift-found.ts";
import { historySeenBy } from "#lib/queries/history-seen-by.ts";
import { lastLooks, type LastLooks } from "#lib/queries/last-looks.ts";
import { accessReceipts } from "#lib/queries/receipts.ts";
import { watchesOverRoles } from "#lib/queries/watches-over-roles.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { Finding } from "./finding.tsx";
import { holderWords } from "./finding-words.ts";

export const metadata: Metadata = { title: "Drift" };

const PAGE = 50;
const LATELY = 10;

const cursor = z.string().regex(DRIFT_CURSOR).optional().catch(undefined);
const query = z.object({ before: cursor, kept: cursor });

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function DriftPage({ searchParams }: Props) {
  const viewer = await requireViewer("/drift");
  const db = webDb();
  if (!(await watchesOverRoles(viewer, { db }))) notFound();
  const { before, kept } = query.parse(await searchParams);
  const [found, exceptions, lately, removed, looks] = await Promise.all([
    pageOf(viewer, false, before),
    pageOf(viewer, true, kept),
    historySeenBy(viewer, { kind: "binding.drifted", limit: LATELY }, { db }),
    accessReceipts(viewer, { limit: LATELY }, { db }),
    lastLooks(viewer, { db }),
  ]);
  return (
    <>
      <PageHeader
        title="Drift"
        lead={
          <>
            What is not as Daypass made it{seesAll(viewer) ? "" : ", in the roles of your groups"}.{" "}
            <Looked {...looks} />
          </>
        }
      />
      {looks.unseen > 0 ? <Unseen {...looks} /> : null}
      {found.rows.length === 0 ? (
        <Empty>
          {looks.unseen > 0
            ? "Nothing is known to differ."
            : exceptions.rows.length > 0
              ? "Nothing else differs: the providers show what grants and the exceptions below explain."
              : "Nothing differs: the providers show what grants explain."}
        </Empty>
      ) : null}
      <Findings rows={found.rows} />
      <Further cursor={found.next} name="before">
        Earlier findings
      </Further>
      {exceptions.rows.length > 0 ? (
        <Section title="Kept as exceptions" aside="Findings again when their day is over, or when they give more.">
          <Findings rows={exceptions.rows} />
          <Further cursor={exceptions.next} name="kept">
            Further exceptions
          </Further>
        </Section>
      ) : null}
      {lately.length > 0 ? (
        <Section
          title="Changed by hand lately"
          aside={
            <Link href="/history?kind=binding.drifted" prefetch={false} className="link">
              All of it
            </Link>
          }
        >
          <Thread entries={lately} />
        </Section>
      ) : null}
      {removed.length > 0 ? (
        <Section
          title="Removed lately"
          aside={
            <Link href="/history?kind=access.removed" prefetch={false} className="link">
              All of it
            </Link>
          }
        >
          <ul className="card rows">
            {removed.map((receipt) => (
              <ReceiptLine key={receipt.id} receipt={receipt} place={receipt} who={holderWords(receipt)} />
            ))}
          </ul>
        </Section>
      ) : null}
    </>
  );
}

function Looked({ unseen, since }: LastLooks) {
  if (unseen > 0 || !since) return "Every place is looked at again within minutes.";
  return (
    <>
      Every place was looked at since <Time at={since} style="second" />, and is again within minutes.
    </>
  );
}

/** A list that may lack something must not look like one that has everything. */
function Unseen({ places, unseen, lastError }: LastLooks) {
  return (
    <div className="mb-6">
      <Notice tone="wait">
        {unseen} of {places} {places === 1 ? "place" : "places"} could not be looked at, so this may not be all.
        {lastError ? ` The last try: ${lastError}.` : ""}
      </Notice>
    </div>
  );
}

async function pageOf(viewer: Viewer, kept: boolean, before: string | undefined) {
  const rows = await driftFound(viewer, { kept, before, limit: PAGE + 1 }, { db: webDb() });
  const last = rows.length > PAGE ? rows[PAGE - 1] : undefined;
  return { rows: rows.slice(0, PAGE), next: last ? driftCursor(last) : null };
}

function Findings({ rows }: { rows: readonly DriftRow[] }) {
  if (rows.length === 0) return null;
  return (
    <ul className="card rows">
      {rows.map((row) => (
        <Finding key={`${row.drift} ${row.id}`} row={row} />
      ))}
    </ul>
  );
}

function Further({ cursor, name, children }: { cursor: string | null; name: string; children: string }) {
  if (!cursor) return null;
  return (
    <p className="mt-5">
      <Link className="link" href={`/drift?${new URLSearchParams({ [name]: cursor }).toString()}`} prefetch={false}>
        {children}
      </Link>
    </p>
  );
}
