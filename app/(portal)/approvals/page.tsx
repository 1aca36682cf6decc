import type { Metadata } from "next";
import Link from "next/link";
import { DecisionForm } from "#components/decision-form.tsx";
import { Entitlements } from "#components/entitlements.tsx";
import { RequestStateBadge } from "#components/request-state.tsx";
import { Time } from "#components/time.tsx";
import { Empty, PageHeader, Section } from "#components/ui/page.tsx";
import { durationWords } from "#lib/domain/words.ts";
import { requestsAwaiting, requestsDecidedBy } from "#lib/queries/requests-awaiting.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { decideRequestAction } from "../requests/actions.ts";

export const metadata: Metadata = { title: "Approvals" };

export default async function ApprovalsPage() {
  const viewer = await requireViewer("/approvals");
  const db = webDb();
  const [waiting, decided] = await Promise.all([
    requestsAwaiting(viewer, {}, { db }),
    requestsDecidedBy(viewer, {}, { db }),
  ]);
  return (
    <>
      <PageHeader title="Approvals" lead="Requests that you can decide, oldest first." />
      {waiting.length === 0 ? <Empty>Nothing waits for you.</Empty> : null}
      <ul className="grid gap-4">
        {waiting.map((request) => (
          <li key={request.id}>
            <article className="card grid gap-4 p-5">
              <div>
                <h2>
                  <Link href={`/requests/${request.id}`} prefetch={false} className="hover:underline">
                    {request.requesterName} asks for {request.roleName}, {durationWords(request.minutes)}
                  </Link>
                </h2>
                <p className="text-sm text-muted">
                  since <Time at={request.createdAt} />, until <Time at={request.decideBy} /> to decide
                </p>
              </div>
              <p className="break-words whitespace-pre-wrap">“{request.justification}”</p>
              <Entitlements lines={request.entitlements} />
              <details>
                <summary className="font-medium text-accent">Decide here</summary>
                <div className="mt-4">
                  <DecisionForm
                    action={decideRequestAction}
                    requestId={request.id}
                    minutes={request.minutes}
                    about={`${request.requesterName}’s request for ${request.roleName}`}
                  />
                </div>
              </details>
            </article>
          </li>
        ))}
      </ul>
      {decided.length > 0 ? (
        <Section title="What you decided">
          <ul className="card rows">
            {decided.map((request) => (
              <li key={request.id} className="flex flex-wrap items-center justify-between gap-2 px-4 py-3">
                <Link href={`/requests/${request.id}`} prefetch={false} className="hover:underline">
                  {request.requesterName}, {request.roleName}, {durationWords(request.minutes)}
                </Link>
                <RequestStateBadge request={request} />
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
    </>
  );
}
