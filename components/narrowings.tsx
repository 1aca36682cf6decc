import { entitlementWords, levelWords, placeWords } from "#lib/domain/words.ts";
import type { Effect, Loss } from "#lib/queries/effects.ts";

type Props = { preview: Pick<Effect, "narrowings" | "kept" | "liveGrants" | "waitingRequests" | "widens"> };

/** What people who have the role now lose at once, and what is done about it. Nobody who has it gains anything. */
export function Narrowings({ preview }: Props) {
  const { narrowings, kept, liveGrants } = preview;
  const grants = [...Map.groupBy(narrowings, (loss) => loss.grantId)];
  const untouched = liveGrants - grants.length;
  return (
    <div className="grid gap-3">
      {grants.length > 0 ? (
        <ul className="rows">
          {grants.map(([grantId, losses]) => (
            <GrantLosses key={grantId} losses={losses} keeps={kept[grantId] ?? []} />
          ))}
        </ul>
      ) : null}
      <p className="text-muted">{untouchedWords(untouched, grants.length)}</p>
      {grants.length > 0 ? (
        <p className="text-sm text-muted">
          Daypass does it within seconds and looks again. It is for good: a later version does not bring it back to a
          grant that is live now.
        </p>
      ) : null}
      <Waiting preview={preview} />
    </div>
  );
}

function GrantLosses({ losses, keeps }: { losses: readonly Loss[]; keeps: Effect["kept"][string] }) {
  return (
    <li className="grid gap-1 py-3 first:pt-0 last:pb-0">
      {losses.map((loss) => (
        <div key={loss.bindingId}>
          <p>
            <span className="font-medium">{loss.personName}</span> loses {levelWords(loss.from)} at{" "}
            {placeWords(loss.place)}
            {loss.to ? `, keeps ${levelWords(loss.to)}` : ""}
          </p>
          <p className="text-sm break-words text-muted">{loss.follows}</p>
        </div>
      ))}
      {keeps.length > 0 ? <p className="text-sm">Keeps: {keeps.map(entitlementWords).join("; ")}</p> : null}
    </li>
  );
}

function untouchedWords(untouched: number, losing: number): string {
  if (untouched === 0) return losing === 0 ? "Nobody has this role right now." : "No other grant of it is live.";
  const other = losing > 0 ? "other " : "";
  return untouched === 1
    ? `1 ${other}grant is live; it keeps what it has.`
    : `${untouched} ${other}grants are live; they keep what they have.`;
}

function Waiting({ preview: { waitingRequests, widens } }: Props) {
  return (
    <>
      {widens ? (
        <p className="text-sm text-muted">
          What is added or raised is given to nobody by this. It counts for new requests, which are approved one by one.
        </p>
      ) : null}
      {waitingRequests > 0 ? (
        <p className="text-sm text-muted">
          {waitingRequests === 1 ? "1 request waits" : `${waitingRequests} requests wait`} for a decision. Approved, it
          gives only what the version that was asked for and the new one both give.
        </p>
      ) : null}
    </>
  );
}
