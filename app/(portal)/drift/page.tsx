import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { ProviderMark } from "#components/provider-mark.tsx";
import { Time } from "#components/time.tsx";
import { Empty, PageHeader } from "#components/ui/page.tsx";
import type { Drift, Seen } from "#lib/domain/binding.ts";
import { levelWords, placeWords } from "#lib/domain/words.ts";
import { seesAll } from "#lib/domain/viewer.ts";
import { driftFound, mayLookForDrift } from "#lib/queries/drift-found.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";

export const metadata: Metadata = { title: "Drift" };

const WHAT: Record<Drift, string> = {
  "removed-by-hand": "was removed by hand. Daypass does not grant it again.",
  "lowered-by-hand": "was lowered by hand. Daypass leaves it so.",
  "raised-by-hand": "was raised by hand. It ends with the grant.",
  "extended-by-hand": "had its expiry moved out by hand. Daypass puts it back.",
  "shortened-by-hand": "had its expiry moved in by hand. Daypass puts it back.",
};

export default async function DriftPage() {
  const viewer = await requireViewer("/drift");
  if (!(await mayLookForDrift(viewer, { db: webDb() }))) notFound();
  const rows = await driftFound(viewer, { db: webDb() });
  return (
    <>
      <PageHeader
        title="Drift"
        lead={`Where somebody changed by hand what a live grant holds${seesAll(viewer) ? "" : ", in the roles of your groups"}.`}
      />
      {rows.length === 0 ? <Empty>Nothing differs: what Daypass gave is what the providers show.</Empty> : null}
      <ul className={rows.length > 0 ? "card rows" : "hidden"}>
        {rows.map((row) => (
          <li key={row.bindingId} className="flex flex-wrap items-start justify-between gap-3 px-4 py-3">
            <div className="flex min-w-0 gap-2.5">
              <span className="mt-0.5">
                <ProviderMark kind={row.kind} />
              </span>
              <p className="min-w-0 break-words">
                <span className="font-medium">{row.personName}</span>’s access to {placeWords(row)} {WHAT[row.drift]}
                <span className="block text-sm text-muted">
                  {seenWords(row.confirmed)} before, {seenWords(row.seen)} now; found at <Time at={row.driftAt} />
                </span>
              </p>
            </div>
            {row.grantId ? (
              <Link href={`/grants/${row.grantId}`} prefetch={false} className="link">
                Open the grant
              </Link>
            ) : null}
          </li>
        ))}
      </ul>
    </>
  );
}

function seenWords(seen: Seen | null): string {
  if (!seen || seen.state === "absent") return "nothing";
  return seen.until ? `${levelWords(seen.level)} until ${seen.until}` : levelWords(seen.level);
}
