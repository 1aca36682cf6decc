import type { Metadata } from "next";
import Link from "next/link";
import { Decision } from "#components/decision.tsx";
import { Entitlements } from "#components/entitlements.tsx";
import { RequestStateBadge } from "#components/request-state.tsx";
import { wideningTitle } from "#components/state-words.ts";
import { Time, viewerZone } from "#components/time.tsx";
import { Empty, PageHeader, Section } from "#components/ui/page.tsx";
import { WideningDecision } from "#components/widening-decision.tsx";
import { WideningFacts } from "#components/widening-facts.tsx";
import { WideningStateBadge } from "#components/widening-state.tsx";
import { durationWords } from "#lib/domain/words.ts";
import { clockNow } from "#lib/queries/clock-now.ts";
import { planFactsOf, type PlanFacts } from "#lib/queries/plan-facts.ts";
import type { RequestRow } from "#lib/queries/request-rows.ts";
import { requestsAwaiting, requestsDecidedBy } from "#lib/queries/requests-awaiting.ts";
import { wideningsAwaiting, wideningsDecidedBy, type WideningRow } from "#lib/queries/widenings.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { decideRequestAction } from "../requests/actions.ts";
import { decideWideningAction } from "../widenings/actions.ts";

export const metadata: Metadata = { title: "Approvals" };

const NOTHING: PlanFacts = { accounts: {}, held: [] };
const SHOWN = 50;
const DECIDED = 20;

export default async function ApprovalsPage() {
  const viewer = await requireViewer("/approvals");
  const db = webDb();
  const [waiting, widenings, decided, decidedWidenings, now] = await Promise.all([
    requestsAwaiting(viewer, { limit: SHOWN }, { db }),
    wideningsAwaiting(viewer, { limit: SHOWN }, { db }),
    requestsDecidedBy(viewer, {}, { db }),
    wideningsDecidedBy(viewer, DECIDED, { db }),
    clockNow({ db }),
  ]);
  const facts = await planFactsOf(
    waiting.map((request) => request.requesterId),
    { db },
  );
  return (
    <>
      <PageHeader title="Approvals" lead="Requests that you can decide, oldest first, then proposals to give more." />
      {waiting.length + widenings.length === 0 ? <Empty>Nothing waits for you.</Empty> : null}
      <ul className="grid gap-4">
        {waiting.map((request) => (
          <li key={request.id}>
            <Waiting request={request} facts={facts.get(request.requesterId) ?? NOTHING} now={now} />
          </li>
        ))}
      </ul>
      {waiting.length === SHOWN ? (
        <p className="mt-4 text-muted">These are the {SHOWN} oldest. More follow as you decide.</p>
      ) : null}
      {widenings.length > 0 ? (
        <Section title="Proposed to give more">
          <ul className="grid gap-4">
            {widenings.map((widening) => (
              <li key={widening.id}>
                <WaitingWidening widening={widening} />
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      {decided.length > 0 ? <Decided requests={decided} now={now} /> : null}
      {decidedWidenings.length > 0 ? <DecidedWidenings widenings={decidedWidenings} now={now} /> : null}
    </>
  );
}

async function Waiting({ request, facts, now }: { request: RequestRow; facts: PlanFacts; now: Date }) {
  return (
    <article className="card grid gap-4 p-5">
      <div>
        <h2>
          <Link href={`/requests/${request.id}`} prefetch={false} className="hover:underline">
            {request.requesterName} asks {request.extendsId ? "to extend" : "for"} {request.roleName},{" "}
            {durationWords(request.minutes)}
          </Link>
        </h2>
        <p className="text-sm text-muted">
          Asked <Time at={request.createdAt} now={now} />. To be decided <Time at={request.decideBy} now={now} /> at the
          latest.
        </p>
      </div>
      <blockquote className="quote">{request.justification}</blockquote>
      <Entitlements lines={request.entitlements} />
      <details className="group">
        <summary className="w-fit font-medium text-accent">
          Decide here
          <span className="sr-only">
            {" "}
            on {request.requesterName}’s request for {request.roleName}
          </span>
        </summary>
        <div className="mt-4 grid gap-5 border-t border-line pt-5">
          <h3 className="-mb-2 font-semibold">What will happen</h3>
          <Decision
            action={decideRequestAction}
            request={request}
            plan={{
              entitlements: request.entitlements,
              facts,
              start: request.startsAt ?? now,
              timeZone: await viewerZone(),
              now,
            }}
          />
        </div>
      </details>
    </article>
  );
}

function WaitingWidening({ widening }: { widening: WideningRow }) {
  const title = wideningTitle(widening);
  return (
    <article className="card grid gap-4 p-5">
      <h3 className="text-lg font-semibold">
        <Link href={`/widenings/${widening.id}`} prefetch={false} className="hover:underline">
          {title}
        </Link>
      </h3>
      <WideningFacts widening={widening} />
      <details>
        <summary className="w-fit font-medium text-accent">
          Decide here<span className="sr-only">: {title}</span>
        </summary>
        <div className="mt-4 border-t border-line pt-5">
          <WideningDecision
            action={decideWideningAction}
            wideningId={widening.id}
            proposerName={widening.proposerName}
            about={title}
          />
        </div>
      </details>
    </article>
  );
}

function DecidedWidenings({ widenings, now }: { widenings: readonly WideningRow[]; now: Date }) {
  return (
    <Section title="Proposals that you decided">
      <ul className="card rows">
        {widenings.map((widening) => (
          <li key={widening.id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1.5 px-4 py-3">
            <Link href={`/widenings/${widening.id}`} prefetch={false} className="hover:underline">
              {wideningTitle(widening)}
            </Link>
            <span className="flex flex-wrap items-center gap-x-4 gap-y-1.5 text-sm text-muted">
              {widening.closedAt ? <Time at={widening.closedAt} now={now} /> : null}
              <WideningStateBadge widening={widening} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Decided({ requests, now }: { requests: readonly RequestRow[]; now: Date }) {
  return (
    <Section title="What you decided">
      <ul className="card rows">
        {requests.map((request) => (
          <li key={request.id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1.5 px-4 py-3">
            <Link href={`/requests/${request.id}`} prefetch={false} className="hover:underline">
              {request.requesterName}, {request.roleName}, {durationWords(request.grantedMinutes ?? request.minutes)}
            </Link>
            <span className="flex flex-wrap items-center gap-x-4 gap-y-1.5 text-sm text-muted">
              {request.closedAt ? <Time at={request.closedAt} now={now} /> : null}
              <RequestStateBadge request={request} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
