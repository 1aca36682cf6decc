import type { ReactNode } from "react";
import { ProviderMark } from "#components/provider-mark.tsx";
import { Time } from "#components/time.tsx";
import type { ConnectionRow } from "#lib/queries/connections.ts";
import type { LateRemovals } from "#lib/queries/late-removals.ts";

type Props = { rows: readonly ConnectionRow[]; late: LateRemovals };

/** What each provider has to do with it when something does not go through. */
export function Connections({ rows, late }: Props) {
  if (rows.length === 0) return <p className="text-muted">The worker has not connected to anything yet.</p>;
  return (
    <ul className="card rows">
      {rows.map((row) => (
        <li key={row.name} className="grid gap-x-8 gap-y-1 px-4 py-3 sm:grid-cols-[9rem_1fr]">
          <p className="flex items-center gap-2.5 font-medium">
            <ProviderMark kind={row.provider === "gitlab" ? "gitlab-group" : "aws-iam-group"} />
            {row.name}
          </p>
          <dl className="grid grid-cols-2 gap-x-6 gap-y-2 lg:grid-cols-4">
            <Fact name="Pause asked for">{row.heldUntil ? <Until at={row.heldUntil} /> : "None"}</Fact>
            <Fact name="Due">{row.due.toLocaleString("en")}</Fact>
            <Fact name="Late">{lateWords(late, row.name)}</Fact>
            <Fact name="Failing">{row.failing.toLocaleString("en")}</Fact>
            {row.rateLimit === null || row.rateRemaining === null ? null : (
              <Fact name="Left of its rate limit">
                {row.rateRemaining.toLocaleString("en")} of {row.rateLimit.toLocaleString("en")}
              </Fact>
            )}
            {row.downSince ? (
              <Fact name="No answer since">
                <Time at={row.downSince} style="second" />
              </Fact>
            ) : null}
            {row.lastFailure ? (
              <div className="col-span-full min-w-0">
                <dt className="text-sm text-muted">Last failure</dt>
                <dd className="break-words">{row.lastFailure}</dd>
              </div>
            ) : null}
          </dl>
        </li>
      ))}
    </ul>
  );
}

function Until({ at }: { at: Date }) {
  return (
    <>
      until <Time at={at} style="second" />
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-muted">{name}</dt>
      <dd className="tabular font-medium break-words">{children}</dd>
    </div>
  );
}

function lateWords({ count, items }: LateRemovals, name: string): string {
  const here = items.filter(({ connection }) => connection === name).length;
  return count > items.length ? `at least ${here}` : String(here);
}
