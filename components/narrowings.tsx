import type { Preview } from "#lib/queries/preview-publication.ts";
import { levelWords, placeWords } from "#lib/domain/words.ts";

/** What people who have the role now lose at once. Nobody who has it gains anything. */
export function Narrowings({ items, openGrants }: { items: Preview["narrowings"]; openGrants: number }) {
  if (openGrants === 0) return <p className="text-muted">Nobody has this role right now.</p>;
  if (items.length === 0)
    return (
      <p className="text-muted">
        {openGrants === 1
          ? "1 grant is live; it keeps what it has."
          : `${openGrants} grants are live; they keep what they have.`}
      </p>
    );
  return (
    <>
      <ul className="rows">
        {items.map((narrowing) => (
          <li key={`${narrowing.grantId} ${narrowing.bindingId}`} className="py-2 first:pt-0 last:pb-0">
            <span className="font-medium">{narrowing.personName}</span> loses {levelWords(narrowing.from)} at{" "}
            {placeWords(narrowing.place)}
            {narrowing.to ? `, keeps ${levelWords(narrowing.to)}` : ""}
          </li>
        ))}
      </ul>
      <p className="mt-3 text-sm text-muted">
        Daypass {items.every(({ to }) => to === null) ? "removes" : "changes"} it at the provider within seconds and
        looks again. For good: a later version does not bring it back to a grant that is live now.
      </p>
    </>
  );
}
