import { CircleCheck, LoaderCircle } from "lucide-react";
import Link from "next/link";
import { levelWords, placeWords } from "#lib/domain/words.ts";
import type { Settling as Line } from "#lib/queries/settling.ts";
import { RefreshWhile } from "./refresh-while.tsx";
import { Time } from "./time.tsx";

/** What a change takes from live grants, place by place, until each was seen done. */
export function Settling({ lines }: { lines: readonly Line[] }) {
  const done = lines.filter((line) => line.settledAt !== null).length;
  return (
    <div className="card">
      <p className="border-b border-line px-4 py-3 font-medium" role="status">
        {done === lines.length ? "All of it was seen done." : `${done} of ${lines.length} seen done.`}
      </p>
      <ul className="rows">
        {lines.map((line) => (
          <li
            key={`${line.grantId} ${line.bindingId}`}
            className="flex flex-wrap justify-between gap-x-6 gap-y-1 px-4 py-3"
          >
            <span className="min-w-0 break-words">
              <Link href={`/grants/${line.grantId}`} prefetch={false} className="font-medium hover:underline">
                {line.personName}
              </Link>
              : {levelWords(line.from)} at {placeWords(line)}
              {line.to ? ` becomes ${levelWords(line.to)}` : ""}
            </span>
            <Progress line={line} />
          </li>
        ))}
      </ul>
      {done < lines.length ? <RefreshWhile /> : null}
    </div>
  );
}

function Progress({ line }: { line: Line }) {
  if (line.settledAt)
    return (
      <span className="inline-flex items-center gap-1.5 text-sm text-good">
        <CircleCheck aria-hidden className="size-4" />
        <span>
          {line.to === null ? "Proved gone at" : "Seen so at"} <Time at={line.settledAt} style="second" />
        </span>
      </span>
    );
  return (
    <span className="text-sm text-accent">
      <span className="inline-flex items-center gap-1.5">
        <LoaderCircle aria-hidden className="moving size-4" />
        {line.to === null ? "Being removed" : "Being changed"}, try {line.tries + 1}
      </span>
      {line.lastError ? <span className="block text-muted">{line.lastError}</span> : null}
    </span>
  );
}
