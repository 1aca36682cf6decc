import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { GrantCard } from "#components/grant-card.tsx";
import { Redacted } from "#components/redacted.tsx";
import { RequestStateBadge } from "#components/request-state.tsx";
import { Thread } from "#components/thread.tsx";
import { Time } from "#components/time.tsx";
import { ActionForm, SubmitButton } from "#components/ui/action-form.tsx";
import { Facts, PageHeader, Section } from "#components/ui/page.tsx";
import { durationWords } from "#lib/domain/words.ts";
import { historySeenBy } from "#lib/queries/history-seen-by.ts";
import { requestSeenBy, type RequestDetail } from "#lib/queries/request-seen-by.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { withdrawRequestAction } from "../actions.ts";
import { Deciding } from "./deciding.tsx";

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
        lead={<Lead request={request} isMine={isMine} />}
        actions={request.mayWithdraw ? <Withdraw requestId={request.id} /> : undefined}
      />
      {request.grant ? <GrantCard grant={request.grant} now={request.now} showPerson={!isMine} /> : null}
      {request.state === "PENDING" ? <Deciding request={request} isMine={isMine} /> : null}
      <Section title="What was asked">
        <Asked request={request} />
      </Section>
      <Section
        title="What happened"
        aside={
          <Link href={`/requests/${request.id}/evidence`} prefetch={false} className="link">
            Evidence
          </Link>
        }
      >
        <Thread entries={story.toReversed()} />
      </Section>
    </>
  );
}

function Lead({ request, isMine }: { request: RequestDetail; isMine: boolean }) {
  const denial = request.decisions.find((decision) => decision.verdict === "deny");
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <span>
        {isMine ? "You" : request.requesterName} asked <Time at={request.createdAt} now={request.now} />
      </span>
      <RequestStateBadge request={request} deniedBy={denial?.approverName ?? null} />
    </span>
  );
}

function Withdraw({ requestId }: { requestId: string }) {
  return (
    <ActionForm action={withdrawRequestAction}>
      <input type="hidden" name="requestId" value={requestId} />
      <SubmitButton tone="secondary">Withdraw</SubmitButton>
    </ActionForm>
  );
}

function Asked({ request }: { request: RequestDetail }) {
  return (
    <div className="card p-5">
      <Facts
        items={[
          [
            "Why",
            <span key="why" className="whitespace-pre-wrap">
              {request.justification}
            </span>,
          ],
          ...(request.redactedAt
            ? [["Names and reasons", <Redacted key="redacted" at={request.redactedAt} />] as const]
            : []),
          [
            "Role",
            <Link key="role" href={`/roles/${request.roleSlug}`} prefetch={false} className="link">
              {`${request.roleSlug}, version ${request.roleVersion}`}
            </Link>,
          ],
          ...(request.ticket ? [["Ticket", request.ticket] as const] : []),
          ...(request.extendsId
            ? [
                [
                  "Goes on from",
                  <Link key="extends" href={`/grants/${request.extendsId}`} prefetch={false} className="link">
                    The access before
                  </Link>,
                ] as const,
              ]
            : []),
          ...(request.startsAt
            ? [["Start", <Time key="start" at={request.startsAt} now={request.now} />] as const]
            : []),
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
  );
}
