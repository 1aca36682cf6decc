import { Decision } from "#components/decision.tsx";
import { Plan } from "#components/plan.tsx";
import { requestWords } from "#components/state-words.ts";
import { Time, viewerZone } from "#components/time.tsx";
import { anyOf, durationWords } from "#lib/domain/words.ts";
import { planFactsOf } from "#lib/queries/plan-facts.ts";
import type { RequestDetail } from "#lib/queries/request-seen-by.ts";
import { webDb } from "#lib/web/db.ts";
import { REFUSALS } from "#lib/web/refusal-words.ts";
import { decideRequestAction } from "../actions.ts";

/** While a request waits: why it was asked, exactly what will happen, and the decision for those whose it is. */
export async function Deciding({ request, isMine }: { request: RequestDetail; isMine: boolean }) {
  const facts = await planFactsOf([request.requesterId], { db: webDb() });
  const plan = {
    entitlements: request.entitlements,
    facts: facts.get(request.requesterId) ?? { accounts: request.accounts, held: [] },
    start: request.startsAt ?? request.now,
    timeZone: await viewerZone(),
    now: request.now,
  };
  const approvals =
    request.approvalsNeeded > 1 ? (
      <p className="text-muted">
        {request.decisions.length - request.lapsedApprovers.length} of {request.approvalsNeeded} approvals are there.
        {request.lapsedApprovers.map((name) => ` That of ${name} does not count: not an active owner now.`).join("")}
      </p>
    ) : null;
  return (
    <div className="card grid gap-6 border-accent/50 p-5 sm:p-7">
      {isMine ? null : <blockquote className="quote">{request.justification}</blockquote>}
      <h2 className="-mb-3">What will happen</h2>
      {request.whyNotDecide === null ? (
        <Decision action={decideRequestAction} request={request} plan={plan}>
          {approvals}
          <Earlier request={request} />
        </Decision>
      ) : (
        <>
          <Plan {...plan} minutes={request.minutes} />
          {approvals}
          <p className="border-t border-line pt-5 text-muted">
            {isMine ? ownWords(request) : REFUSALS[request.whyNotDecide].words} It waits until{" "}
            <Time at={request.decideBy} />.
          </p>
        </>
      )}
    </div>
  );
}

function ownWords({ deciders }: RequestDetail): string {
  return deciders.length > 0
    ? `${anyOf(deciders)} can decide. You cannot: nobody decides their own request.`
    : "Nobody can decide this any more: the owner group has no other owner. Withdraw it and tell an admin.";
}

function Earlier({ request }: { request: RequestDetail }) {
  if (request.earlier.length === 0)
    return <p className="text-sm text-muted">{request.requesterName} never asked for this role before.</p>;
  return (
    <div className="text-sm">
      <p className="mb-1 text-muted">{request.requesterName} asked for this role before:</p>
      <ul className="grid gap-1">
        {request.earlier.map((one) => (
          <li key={one.id} className="flex flex-wrap gap-x-3">
            <Time at={one.createdAt} now={request.now} />
            <span>{durationWords(one.minutes)}</span>
            <span className="text-muted">{requestWords(one)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
