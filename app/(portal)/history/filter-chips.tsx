import { X } from "lucide-react";
import Link from "next/link";
import { Time } from "#components/time.tsx";
import type { ReactNode } from "react";
import { CHANGE_TITLES, isChangeKind } from "#lib/domain/change-words.ts";
import { OUTCOME_TITLES, type Outcome } from "#lib/domain/outcome.ts";
import { historyAddress, type FilterName, type HistorySearch } from "#lib/web/history-search.ts";
import { FILTER_LABELS } from "./filter-labels.ts";

/** The filters that are set, each of which goes away by itself. */
export function FilterChips({ search }: { search: HistorySearch }) {
  const set = Object.entries(search) as [FilterName, string][];
  if (set.length === 0) return null;
  return (
    <ul aria-label="Filters that are set" className="mb-5 flex flex-wrap items-center gap-2">
      {set.map(([name, value]) => (
        <li key={name} className="max-w-full">
          <Link
            href={historyAddress(Object.fromEntries(set.filter(([other]) => other !== name)))}
            prefetch={false}
            className="flex min-h-8 max-w-full items-center gap-1.5 rounded-full bg-accent-soft px-3 py-1 text-sm hover:underline"
          >
            <span className="sr-only">Remove the filter </span>
            <span className="min-w-0 truncate">
              <span className="text-muted">{FILTER_LABELS[name]}:</span> {wordsOf(name, value)}
            </span>
            <X aria-hidden className="size-3.5 shrink-0 text-muted" />
          </Link>
        </li>
      ))}
      {set.length > 1 ? (
        <li>
          <Link href="/history" prefetch={false} className="link text-sm">
            Show all
          </Link>
        </li>
      ) : null}
    </ul>
  );
}

function wordsOf(name: FilterName, value: string): ReactNode {
  if (name === "kind" && isChangeKind(value)) return CHANGE_TITLES[value].join(", ").toLowerCase();
  if (name === "outcome" && Object.hasOwn(OUTCOME_TITLES, value)) return OUTCOME_TITLES[value as Outcome].toLowerCase();
  if (name === "provider") return { gitlab: "GitLab", aws: "AWS" }[value] ?? value;
  if ((name === "since" || name === "until") && !Number.isNaN(Date.parse(value)))
    return <Time at={new Date(value)} style="second" inRow />;
  return name === "request" || name === "grant" ? value.slice(0, 8) : value;
}
