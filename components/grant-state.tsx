import type { GrantCard } from "#lib/queries/grant-cards.ts";
import { Countdown } from "./countdown.tsx";
import { StateBadge } from "./state-badge.tsx";
import { failureWords, isLate, removalWords, setupWords, takenByHand } from "./state-words.ts";
import { Time } from "./time.tsx";

/** What a grant is up to right now, in the words that the whole product uses. */
export function GrantStateBadge({ grant, now }: { grant: GrantCard; now: Date }) {
  return (
    <StateBadge
      of={{ id: grant.id, name: grant.roleName }}
      state={grant.state}
      late={isLate(grant, now)}
      taken={grant.state === "ACTIVE" && takenByHand(grant.places).length > 0}
    >
      <Words grant={grant} now={now} />
    </StateBadge>
  );
}

function Words({ grant, now }: { grant: GrantCard; now: Date }) {
  switch (grant.state) {
    case "SCHEDULED":
      return (
        <>
          Starts <Time at={grant.startsAt} />
        </>
      );
    case "ACTIVATING":
      return setupWords(grant.places);
    case "ACTIVE":
      return (
        <>
          {activeWords(grant)}, <Countdown endsAt={grant.endsAt.toISOString()} now={now.toISOString()} />
        </>
      );
    case "ENDING":
    case "REVOKING":
      return removalWords(grant.places);
    case "ENDED":
    case "REVOKED":
      if (!grant.places.some(({ applied }) => applied)) return "Taken back before it began";
      return grant.closedAt ? (
        <>
          Proved gone at <Time at={grant.closedAt} style="second" />
        </>
      ) : (
        "Being removed"
      );
    case "ACTIVATION_FAILED":
      return failureWords(grant.failure);
  }
}

/** What the providers were last seen to hold counts, not what Daypass gave. */
function activeWords({ places }: GrantCard): string {
  const taken = takenByHand(places).length;
  if (taken === 0) return "Active";
  return taken === places.filter((place) => place.level !== null || place.taken).length
    ? "Removed by hand"
    : "Partly removed by hand";
}
