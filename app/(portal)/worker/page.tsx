import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { RefreshWhile } from "#components/refresh-while.tsx";
import { Time } from "#components/time.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Facts, PageHeader, Section } from "#components/ui/page.tsx";
import { durationWords } from "#lib/domain/words.ts";
import { connections } from "#lib/queries/connections.ts";
import { workerState, type WorkerRow } from "#lib/queries/worker-state.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { Connections } from "./connections.tsx";
import { Late } from "./late.tsx";
import { Lateness } from "./lateness.tsx";
import { Troubles } from "./troubles.tsx";

export const metadata: Metadata = { title: "Worker" };

export default async function WorkerPage() {
  const viewer = await requireViewer("/worker");
  const db = webDb();
  const [state, providers] = await Promise.all([workerState(viewer, { db }), connections(viewer, { db })]);
  if (!state || !providers) notFound();
  const isLate = new Set(state.late.items.map(({ id }) => id));
  return (
    <>
      <RefreshWhile />
      <PageHeader title="Worker" lead="What makes grants true and takes them back. This page looks again by itself." />
      {state.workers.length === 0 ? (
        <Notice tone="bad">No worker runs. Nothing is set up or taken back until one does.</Notice>
      ) : null}
      <div className="mt-4 grid items-start gap-5 md:grid-cols-2">
        <div className="card p-5">
          <h2 className="mb-3">To do</h2>
          <Facts
            items={[
              ["Wake-ups in the queue", String(state.queued)],
              ["Places due to be looked at", String(state.due)],
              [
                "Oldest due",
                state.oldestDueAt ? <Time key="due" at={state.oldestDueAt} style="second" /> : "Nothing is due",
              ],
              ["Removals owed, not yet proved", String(state.owed)],
              ["Removals that are late", String(state.late.count)],
            ]}
          />
        </div>
        <div className="card p-5">
          <h2 className="mb-3">{state.workers.length === 1 ? "1 worker" : `${state.workers.length} workers`}</h2>
          <ul className="rows">
            {state.workers.map((worker) => (
              <WorkerLine key={worker.id} worker={worker} />
            ))}
          </ul>
        </div>
      </div>
      <Section title="What is late" aside="Owed for more than a minute. Daypass tries again without end.">
        <Late late={state.late} />
      </Section>
      <Section title="How late access was proved gone" aside="The last 24 hours.">
        <div className="card p-5">
          <Lateness counts={state.lateness} />
        </div>
      </Section>
      <Section title="Providers">
        <Connections rows={providers} late={state.late} />
      </Section>
      <Section title="What else does not go through yet">
        <Troubles troubles={state.troubles.filter(({ id }) => !isLate.has(id))} />
      </Section>
    </>
  );
}

function WorkerLine({ worker }: { worker: WorkerRow }) {
  return (
    <li className="py-2.5 first:pt-0 last:pb-0">
      <p className="font-mono text-sm break-all">{worker.id}</p>
      <p className="tabular text-sm text-muted">
        Heard of {worker.quietFor <= 2 ? "just now" : `${worker.quietFor} s ago`}, runs for{" "}
        {worker.runsFor < 60 ? "less than a minute" : durationWords(Math.floor(worker.runsFor / 60))}
      </p>
    </li>
  );
}
