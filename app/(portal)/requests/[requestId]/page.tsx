import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { DecisionForm } from "#components/decision-form.tsx";
import { GrantCard } from "#components/grant-card.tsx";
import { Plan } from "#components/plan.tsx";
import { RequestStateBadge } from "#components/request-state.tsx";
import { Thread } from "#components/thread.tsx";
import { Time } from "#components/time.tsx";
import { ActionForm, SubmitButton } from "#components/ui/action-form.tsx";
import { Facts, PageHeader, Section } from "#components/ui/page.tsx";
import { afterMinutes, backstopDate } from "#lib/domain/duration.ts";
import { durationWords } from "#lib/domain/words.ts";
import { historySeenBy } from "#lib/queries/history-seen-by.ts";
import { requestSeenBy, type RequestDetail } from "#lib/queries/request-seen-by.ts";
import { webDb } from "#lib/web/db.ts";
import { REFUSALS } from "#lib/web/refusal-words.ts";
import { requireViewer } from "#lib/web/session.ts";
import { decideRequestAction, withdrawRequestAction } from "../actions.ts";

export const metadata: Metadata = { title: "Request" };

type Props = { params: Promise<{ requestId: string }> };

export default async function RequestPage({ params }: Props) {
  const { requestId } = await params;
  const viewer = await requireViewer(`/requests/${requestId}`);
  const request = await requestSeenBy(viewer, requestId, { db: webDb() });
  if (!request) notFound();
  const story = await historySeenBy(viewer, { request: requestId, limit: 100 }, { db: webDb() });
  const isMine = request.requesterId === viewer.personId;
  return (
    <>
      <PageHeader
        title={`${request.roleName}, ${durationWords(request.minutes)}`}
        lead={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span>
              {isMine ? "You asked" : `${request.requesterName} asked`} at <Time at={request.createdAt} />
            </span>
            <RequestStateBadge request={request} />
          </span>
        }
        actions={
          request.mayWithdraw ? (
            <ActionForm action={withdrawRequestAction}>
              <input type="hidden" name="requestId" value={request.id} />
              <SubmitButton tone="secondary">Withdraw</SubmitButton>
            </ActionForm>
          ) : undefined
        }
      />
      {request.grant ? <GrantCard grant={request.grant} now={request.now} showPerson={!isMine} /> : null}
      {request.state === "PENDING" ? <Deciding request={request} isMine={isMine} /> : null}
      <Section title="What was asked">
        <div className="card p-5">
          <Facts
            items={[
              [
                "Why",
                <span key="why" className="whitespace-pre-wrap">
                  {request.justification}
                </span>,
              ],
              [
                "Role",
                <Link
                  key="role"
                  href={`/roles/${request.roleSlug}`}
                  prefetch={false}
                  className="link"
                >{`${request.roleSlug}, version ${request.roleVersion}`}</Link>,
              ],
              ...(request.ticket ? [["Ticket", request.ticket] as const] : []),
              ...(request.startsAt ? [["Start", <Time key="start" at={request.startsAt} />] as const] : []),
              ...request.decisions.map(
                (decision) =>
                  [
                    decision.verdict === "approve" ? "Approved by" : "Denied by",
                    <span key={decision.approverId}>
                      {decision.approverName} at <Time at={decision.decidedAt} />
                      {decision.minutes !== null && decision.minutes < request.minutes
                        ? `, for ${durationWords(decision.minutes)}`
                        : ""}
                      {decision.note ? `: “${decision.note}”` : ""}
                    </span>,
                  ] as const,
              ),
            ]}
          />
        </div>
      </Section>
      <Section title="What happened">
        <Thread entries={story.toReversed()} />
      </Section>
    </>
  );
}

function Deciding({ request, isMine }: { request: RequestDetail; isMine: boolean }) {
  const backstop = backstopDate(afterMinutes(request.startsAt ?? request.now, request.minutes));
  return (
    <div className="card grid gap-5 border-accent/50 p-5 sm:p-6">
      <div>
        <h2 className="mb-3">What will happen</h2>
        <Plan entitlements={request.entitlements} accounts={request.accounts} backstop={backstop} />
      </div>
      {request.approvalsNeeded > 1 ? (
        <p className="text-muted">
          {request.decisions.length} of {request.approvalsNeeded} approvals.
        </p>
      ) : null}
      {request.whyNotDecide === null ? (
        <div className="grid gap-5 border-t border-line pt-5">
          <Earlier request={request} />
          <DecisionForm
            action={decideRequestAction}
            requestId={request.id}
            minutes={request.minutes}
            about={`${request.requesterName}’s request for ${request.roleName}`}
          />
        </div>
      ) : (
        <p className="border-t border-line pt-4 text-muted">
          {isMine
            ? request.deciders.length > 0
              ? `${request.deciders.join(", ")} can decide. You cannot: nobody decides their own request.`
              : "Nobody can decide this any more: the owner group has no other owner. Withdraw it and tell an admin."
            : REFUSALS[request.whyNotDecide].words}{" "}
          It waits until <Time at={request.decideBy} />.
        </p>
      )}
    </div>
  );
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
            <Time at={one.createdAt} />
            <span>{durationWords(one.minutes)}</span>
            <span className="text-muted">{one.state.toLowerCase()}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
