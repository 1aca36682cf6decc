import type { GrantCard } from "#lib/queries/grant-cards.ts";
import { Countdown } from "./countdown.tsx";
import { StateBadge } from "./state-badge.tsx";
import { Time } from "./time.tsx";

/** A removal that takes longer than this is late, and looks like it. */
const LATE_AFTER_MS = 60_000;

/** What a grant is up to right now, in the words that the whole product uses. */
export function GrantStateBadge({ grant, now }: { grant: GrantCard; now: Date }) {
  const { state, places } = grant;
  const late =
    grant.closedAt === null && grant.endingAt !== null && now.getTime() - grant.endingAt.getTime() > LATE_AFTER_MS;
  return (
    <StateBadge state={state} late={late}>
      {state === "SCHEDULED" ? (
        <>
          Starts <Time at={grant.startsAt} />
        </>
      ) : null}
      {state === "ACTIVATING"
        ? `Being set up (${places.filter((place) => place.applied).length} of ${places.length} done)`
        : null}
      {state === "ACTIVE" ? (
        <>
          Active, <Countdown endsAt={grant.endsAt.toISOString()} now={now.toISOString()} />
        </>
      ) : null}
      {state === "ENDING" || state === "REVOKING" ? removalWords(grant) : null}
      {(state === "ENDED" || state === "REVOKED") && grant.closedAt ? (
        <>
          Proved gone at <Time at={grant.closedAt} style="second" />
        </>
      ) : null}
      {state === "ACTIVATION_FAILED" ? "Could not be set up" : null}
    </StateBadge>
  );
}

function removalWords({ places }: GrantCard): string {
  const tries = Math.max(1, ...places.filter((place) => !place.gone).map((place) => place.tries + 1));
  return tries > 1 ? `Being removed, try ${tries}` : "Being removed";
}
