import { Time } from "#components/time.tsx";
import { secondsWords } from "#lib/domain/lateness.ts";
import { placeWords } from "#lib/domain/words.ts";
import type { LateRemovals } from "#lib/queries/late-removals.ts";
import { Attempt } from "./attempt.tsx";

/** Access that should be gone by now: what is tried, how often, and what the provider said last. */
export function Late({ late: { count, items } }: { late: LateRemovals }) {
  if (count === 0) return <p className="text-muted">Nothing is late.</p>;
  return (
    <>
      <ul className="card rows">
        {items.map((item) => (
          <Attempt key={item.id} tried={item}>
            {item.lowers ? `Lower ${item.who} in` : `Remove ${item.who} from`} {placeWords(item)}{" "}
            <span className="font-medium text-bad">
              · owed since <Time at={item.since} style="second" />, late by {secondsWords(item.lateSeconds)}
            </span>
          </Attempt>
        ))}
      </ul>
      {count > items.length ? <p className="mt-3 text-muted">And {count - items.length} more.</p> : null}
    </>
  );
}
