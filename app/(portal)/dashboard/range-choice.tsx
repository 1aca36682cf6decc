import Link from "next/link";
import type { Span } from "#lib/domain/time-range.ts";

const WORDS: Record<Span, string> = { "7d": "7 days", "30d": "30 days", "90d": "90 days", "1y": "A year" };

export function RangeChoice({ current }: { current: Span }) {
  return (
    <nav aria-label="Time range" className="inline-flex rounded-[10px] border border-line bg-surface p-0.5">
      {Object.entries(WORDS).map(([span, words]) => (
        <Link
          key={span}
          href={`/dashboard?range=${span}`}
          prefetch={false}
          aria-current={span === current ? "page" : undefined}
          className={`rounded-lg px-2.5 py-1 text-sm whitespace-nowrap sm:px-3 ${span === current ? "bg-accent-soft font-semibold text-accent" : "text-muted hover:text-ink"}`}
        >
          {words}
        </Link>
      ))}
    </nav>
  );
}
