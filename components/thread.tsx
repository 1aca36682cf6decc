import Link from "next/link";
import type { HistoryEntry } from "#lib/queries/history-seen-by.ts";
import { changeWords } from "#lib/domain/change-words.ts";
import { Time } from "./time.tsx";

type Props = {
  entries: readonly HistoryEntry[];
  /** Says the day too, where entries of several stand without a heading. */
  withDay?: boolean;
};

/** Entries of the history, one under the other, as sentences. */
export function Thread({ entries, withDay = false }: Props) {
  if (entries.length === 0) return <p className="text-muted">Nothing yet.</p>;
  return (
    <ol className="card rows">
      {entries.map((entry) => (
        <li
          key={entry.seq}
          className={`reveals grid gap-x-4 px-4 py-2.5 ${withDay ? "sm:grid-cols-[8.5rem_1fr]" : "sm:grid-cols-[5.5rem_1fr]"}`}
        >
          <span className="text-sm text-muted">
            <Time at={new Date(entry.at)} style="second" withDay={withDay} inRow />
          </span>
          <div className="min-w-0">
            <Link href={`/history/${entry.seq}`} prefetch={false} className="break-words hover:underline">
              {changeWords(entry)}
            </Link>
            {entry.why ? <p className="text-sm break-words text-muted">“{entry.why}”</p> : null}
          </div>
        </li>
      ))}
    </ol>
  );
}
