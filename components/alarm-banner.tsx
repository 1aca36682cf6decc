import { Siren } from "lucide-react";
import Link from "next/link";
import { secondsWords } from "#lib/domain/lateness.ts";
import { placeWords } from "#lib/domain/words.ts";
import type { LateRemoval, LateRemovals } from "#lib/queries/late-removals.ts";
import { triesWords } from "./tries-words.ts";

/** Access that should be gone and is not proved to be: said on every page, until it is. */
export function AlarmBanner({ late: { count, items } }: { late: LateRemovals }) {
  const [oldest] = items;
  if (!oldest) return null;
  return (
    <aside aria-label="Late removals" className="no-print border-b border-bad/50 bg-bad-soft text-bad">
      <div className="mx-auto flex max-w-[66rem] items-start gap-2.5 px-4 py-2.5 md:px-10">
        <Siren aria-hidden className="mt-0.5 size-5 shrink-0" />
        <p className="min-w-0 break-words">
          <strong data-news="late-removals" data-about="Alarm" data-state={count}>
            {count === 1 ? "1 removal is late" : `${count} removals are late`}
          </strong>
          . {owedWords(oldest)} {secondsWords(oldest.lateSeconds)} ago. {triesWords(oldest)}{" "}
          <Link href="/worker" prefetch={false} className="whitespace-nowrap underline underline-offset-2">
            What is late
          </Link>
        </p>
      </div>
    </aside>
  );
}

function owedWords(late: LateRemoval): string {
  return late.lowers
    ? `${late.who}’s access to ${placeWords(late)} should have been lowered`
    : `${late.who} should have lost ${placeWords(late)}`;
}
