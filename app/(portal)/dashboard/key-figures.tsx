import type { ReactNode } from "react";
import { LATE_AFTER_SECONDS, atMostWords, secondsWords } from "#lib/domain/lateness.ts";
import type { Dashboard } from "#lib/queries/dashboard/dashboard.ts";
import { countWords, shareWords } from "./words.ts";

/** The answers before the charts. */
export function KeyFigures({ figures: { live, flow, share, lateness, range } }: { figures: Dashboard }) {
  const { asked, approved, denied, medianSeconds } = flow.all;
  const access = share.temporary + share.raised + share.kept + share.unexplained;
  const { removals, late } = lateness;
  const days = range.days.length * range.daysPerBar;
  return (
    <dl className="card grid grid-cols-2 overflow-hidden lg:grid-cols-5">
      <Figure name="Live now" value={live.count.toLocaleString("en")}>
        {live.scheduled === 0 ? "None is scheduled" : `${live.scheduled.toLocaleString("en")} scheduled`}
      </Figure>
      <Figure name="Requests" value={asked.toLocaleString("en")}>
        {asked === 0 ? "In this time" : `${perDay(asked / days)} a day`}
      </Figure>
      <Figure name="Half approved within" value={medianSeconds === null ? "–" : atMostWords(medianSeconds)}>
        {approved + denied === 0
          ? "Nothing was decided"
          : `${shareWords(approved, approved + denied)} of decided approved`}
      </Figure>
      <Figure name="Temporary" value={access === 0 ? "–" : shareWords(share.temporary, access)}>
        {access === 0 ? "No access is known" : `of access at ${countWords(share.places, "place")}`}
      </Figure>
      <Figure name="Removed in time" value={removals === 0 ? "–" : shareWords(removals - late, removals)}>
        {removals === 0 ? "No access ended" : `within ${secondsWords(LATE_AFTER_SECONDS)} of the end`}
      </Figure>
    </dl>
  );
}

function Figure({ name, value, children }: { name: string; value: string; children: ReactNode }) {
  return (
    <div className="-mt-px -ml-px border-t border-l border-line px-4 py-3.5 last:max-lg:col-span-2">
      <dt className="text-sm text-muted">{name}</dt>
      <dd>
        <span className="tabular text-2xl font-semibold tracking-tight">{value}</span>
        <span className="block text-sm text-muted">{children}</span>
      </dd>
    </div>
  );
}

function perDay(count: number): string {
  return count < 10 ? count.toFixed(1) : Math.round(count).toLocaleString("en");
}
