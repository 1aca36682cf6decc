import Link from "next/link";
import { ProviderMark } from "#components/provider-mark.tsx";
import { Time } from "#components/time.tsx";
import { triesWords } from "#components/tries-words.ts";
import { secondsWords } from "#lib/domain/lateness.ts";
import { placeWords } from "#lib/domain/words.ts";
import type { LateRemoval, LateRemovals } from "#lib/queries/late-removals.ts";

/** Access that should be gone by now: what is tried, how often, and what the provider said last. */
export function Late({ late: { count, items } }: { late: LateRemovals }) {
  if (count === 0) return <p className="text-muted">Nothing is late.</p>;
  return (
    <>
      <ul className="card rows">
        {items.map((item) => (
          <Line key={item.id} item={item} />
        ))}
      </ul>
      {count > items.length ? <p className="mt-3 text-muted">And {count - items.length} more.</p> : null}
    </>
  );
}

function Line({ item }: { item: LateRemoval }) {
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 px-4 py-3">
      <div className="flex min-w-0 gap-2.5">
        <span className="mt-0.5">
          <ProviderMark kind={item.kind} />
        </span>
        <div className="min-w-0">
          <p className="break-words">
            Remove {item.who} from {placeWords(item)}
            <span className="font-medium text-bad"> · late by {secondsWords(item.lateSeconds)}</span>
          </p>
          <p className="text-sm break-words text-muted">
            Owed since <Time at={item.since} style="second" />. {triesWords(item)}
            {item.dueAt ? (
              <>
                {" "}
                Again at <Time at={item.dueAt} style="second" />.
              </>
            ) : null}
          </p>
        </div>
      </div>
      <Link href={item.grantId ? `/grants/${item.grantId}` : "/drift"} prefetch={false} className="link">
        {item.grantId ? "Open the grant" : "Drift"}
      </Link>
    </li>
  );
}
