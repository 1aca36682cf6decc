import { Time } from "#components/time.tsx";
import { placeWords } from "#lib/domain/words.ts";
import type { Trouble } from "#lib/queries/worker-state.ts";
import { Attempt } from "./attempt.tsx";

/** Places where the last try came to nothing, those that are late left out. */
export function Troubles({ troubles }: { troubles: readonly Trouble[] }) {
  if (troubles.length === 0) return <p className="text-muted">Everything else that was tried went through.</p>;
  return (
    <ul className="card rows">
      {troubles.map((trouble) => (
        <Attempt key={trouble.id} tried={trouble}>
          {trouble.personName} at {placeWords(trouble)}
          {trouble.owedSince ? (
            <span className="font-medium text-bad">
              {" "}
              · removal owed since <Time at={trouble.owedSince} style="second" />
            </span>
          ) : null}
        </Attempt>
      ))}
    </ul>
  );
}
