import type { Metadata } from "next";
import { Time } from "#components/time.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Facts, PageHeader, Section } from "#components/ui/page.tsx";
import { placeWords } from "#lib/domain/words.ts";
import { workerState } from "#lib/queries/worker-state.ts";
import { webDb } from "#lib/web/db.ts";
import { requireOverseer } from "#lib/web/session.ts";

export const metadata: Metadata = { title: "Worker" };

export default async function WorkerPage() {
  await requireOverseer("/worker");
  const state = await workerState({ db: webDb() });
  const owed = state.troubles.filter((trouble) => trouble.owedSince);
  return (
    <>
      <PageHeader title="Worker" lead="What makes grants true and takes them back." />
      {state.workers.length === 0 ? (
        <Notice tone="bad">No worker runs. Nothing is set up or taken back until one does.</Notice>
      ) : null}
      {owed.length > 0 ? (
        <Notice tone="bad">
          {owed.length === 1 ? "1 removal is" : `${owed.length} removals are`} owed and not proved yet. Daypass tries
          again without end.
        </Notice>
      ) : null}
      <div className="mt-4 grid gap-5 md:grid-cols-2">
        <div className="card p-5">
          <h2 className="mb-3">Now</h2>
          <Facts
            items={[
              ["Workers", String(state.workers.length)],
              ["Due to be looked at", String(state.due)],
              [
                "Oldest due",
                state.oldestDueAt ? <Time key="due" at={state.oldestDueAt} style="second" /> : "Nothing is due",
              ],
              ["Wake-ups in the queue", String(state.queued)],
            ]}
          />
        </div>
        {state.connections.map((connection) => (
          <div key={connection.name} className="card p-5">
            <h2 className="mb-3">Connection {connection.name}</h2>
            <Facts
              items={[
                [
                  "State",
                  connection.downSince ? (
                    <span key="down" className="font-medium text-bad">
                      Does not answer since <Time at={connection.downSince} />
                    </span>
                  ) : (
                    "Answers"
                  ),
                ],
                [
                  "Directory read",
                  connection.syncedAt ? <Time key="synced" at={connection.syncedAt} style="second" /> : "Never",
                ],
                ...(connection.lastError ? [["Its last answer", connection.lastError] as const] : []),
                ...(connection.heldUntil
                  ? [["Asked for a pause until", <Time key="held" at={connection.heldUntil} style="second" />] as const]
                  : []),
              ]}
            />
          </div>
        ))}
      </div>
      <Section title="What does not go through yet">
        {state.troubles.length === 0 ? (
          <p className="text-muted">Nothing.</p>
        ) : (
          <ul className="card rows">
            {state.troubles.map((trouble) => (
              <li key={trouble.id} className="px-4 py-3">
                <p>
                  {trouble.personName} at {placeWords(trouble)}
                  {trouble.owedSince ? (
                    <span className="font-medium text-bad">
                      {" "}
                      · removal owed since <Time at={trouble.owedSince} />
                    </span>
                  ) : null}
                </p>
                <p className="text-sm break-words text-muted">
                  Try {trouble.tries}: {trouble.lastError}
                </p>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </>
  );
}
