import Link from "next/link";
import type { ReactNode } from "react";
import { ProviderMark } from "#components/provider-mark.tsx";
import { Time } from "#components/time.tsx";
import { momentWords } from "#components/time-words.ts";
import { triesWords } from "#components/tries-words.ts";
import type { DriftRow } from "#lib/queries/drift-found.ts";
import { DecideAccess } from "./decide-access.tsx";
import { findingWords, shownWords } from "./finding-words.ts";

/** One thing that is not as Daypass made it, and what may be done about it. */
export function Finding({ row }: { row: DriftRow }) {
  return (
    <li className="grid gap-2 px-4 py-3">
      <div className="flex min-w-0 gap-2.5">
        <span className="mt-0.5">
          <ProviderMark kind={row.kind ?? (row.connection === "aws" ? "aws-iam-group" : "gitlab-group")} />
        </span>
        <div className="min-w-0">
          <p className="break-words">{findingWords(row)}</p>
          <p className="text-sm break-words text-muted">
            <Detail row={row} />
          </p>
        </div>
      </div>
      {row.grantId || row.mayDecide ? (
        <div className="pl-7">
          {row.grantId ? (
            <Link href={`/grants/${row.grantId}`} prefetch={false} className="link">
              Open the grant
            </Link>
          ) : null}
          {row.mayDecide ? <DecideAccess row={row} /> : null}
        </div>
      ) : null}
    </li>
  );
}

function Detail({ row }: { row: DriftRow }): ReactNode {
  if (row.drift === "unknown-access") return <AccessDetail row={row} />;
  if (row.drift === "place-unclear") return <UnclearDetail row={row} />;
  return (
    <>
      {row.before || row.seen ? `Before: ${shownWords(row.before)}. Now: ${shownWords(row.seen)}. ` : null}
      Found <Time at={row.at} />.
    </>
  );
}

function UnclearDetail({ row }: { row: DriftRow }) {
  return (
    <>
      This stands there: <code className="font-mono break-all">{row.found}</code>. Set it back or delete it at the
      provider. Daypass looks again within minutes; until then it shows nobody new here. Found <Time at={row.at} />.
    </>
  );
}

function AccessDetail({ row }: { row: DriftRow }) {
  if (row.removalAskedAt)
    return (
      <>
        Being removed since <Time at={row.removalAskedAt} style="second" />. {triesWords(row)}
      </>
    );
  if (row.keptUntil && row.keptReason)
    return (
      <>
        {shownWords(row.seen)}. {row.keptBy ?? "Somebody"} lets it stay to the end of {lastDay(row.keptUntil)}: “
        {row.keptReason}”
      </>
    );
  return (
    <>
      {shownWords(row.seen)}. Found <Time at={row.at} />.
    </>
  );
}

/** An exception ends with a day in UTC, as it was chosen. */
function lastDay(keptUntil: Date): string {
  return `${momentWords(new Date(keptUntil.getTime() - 1), { timeZone: "UTC", style: "date", today: null })}, UTC`;
}
