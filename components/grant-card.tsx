import Link from "next/link";
import type { ReactNode } from "react";
import type { GrantCard as Grant } from "#lib/queries/grant-cards.ts";
import { durationWords, placeWords } from "#lib/domain/words.ts";
import { Entitlements } from "./entitlements.tsx";
import { GrantStateBadge } from "./grant-state.tsx";
import { takenByHand } from "./state-words.ts";
import { Time } from "./time.tsx";
import { TimeBar } from "./time-bar.tsx";

type Props = { grant: Grant; now: Date; showPerson?: boolean; actions?: ReactNode };

/** One grant: its state and time first, then what it gives. */
export function GrantCard({ grant, now, showPerson = false, actions }: Props) {
  const taken = grant.closedAt === null ? takenByHand(grant.places) : [];
  const gives = grant.places.flatMap((place) =>
    place.level && !taken.includes(place) ? [{ ...place, level: place.level }] : [],
  );
  const troubled = grant.closedAt === null ? grant.places.find((place) => place.lastError) : undefined;
  return (
    <article className="card grid gap-4 p-4 sm:p-5">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2>
          <Link href={`/grants/${grant.id}`} prefetch={false} className="hover:underline">
            {grant.roleName}
          </Link>
          {showPerson ? <span className="font-normal text-muted"> for {grant.personName}</span> : null}
        </h2>
        <GrantStateBadge grant={grant} now={now} />
      </div>
      {grant.state === "ACTIVE" ? (
        <TimeBar from={grant.activeAt ?? grant.startsAt} to={grant.endsAt} now={now} />
      ) : null}
      <Entitlements lines={gives} />
      {taken.length > 0 ? (
        <p className="text-sm text-wait">
          Removed by hand: {taken.map(placeWords).join(", ")}. Daypass does not give it again; ask anew if you need it.
        </p>
      ) : null}
      {troubled ? (
        <p className="text-sm text-wait">Waiting: {troubled.lastError}. Daypass tries again by itself.</p>
      ) : null}
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-sm text-muted">
          {grant.closedAt ? (grant.endReason ?? "Over") : <Until grant={grant} now={now} />}
        </p>
        {actions}
      </div>
    </article>
  );
}

function Until({ grant, now }: { grant: Grant; now: Date }) {
  if (grant.state === "ENDING" || grant.state === "REVOKING" || grant.state === "ACTIVATION_FAILED")
    return <>{grant.endReason ?? "It is called gone only after it was seen gone."}</>;
  if (grant.state === "ACTIVATING") return <>{durationWords(grant.minutes)} from when all of it is in place.</>;
  if (grant.state === "SCHEDULED")
    return (
      <>
        {durationWords(grant.minutes)}, ends <Time at={grant.endsAt} />
      </>
    );
  return (
    <>
      Ends <Time at={grant.endsAt} now={now} />
      {grant.isExtended ? ". It was extended and goes on then; “I’m done” ends both." : ""}
    </>
  );
}
