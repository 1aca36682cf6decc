import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { ExtendLink } from "#components/extend-link.tsx";
import { GrantStateBadge } from "#components/grant-state.tsx";
import { Redacted } from "#components/redacted.tsx";
import { Thread } from "#components/thread.tsx";
import { Time } from "#components/time.tsx";
import { TimeBar } from "#components/time-bar.tsx";
import { ActionForm, SubmitButton } from "#components/ui/action-form.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Facts, PageHeader, Section } from "#components/ui/page.tsx";
import { durationWords, placeWords } from "#lib/domain/words.ts";
import { grantSeenBy, type GrantDetail } from "#lib/queries/grant-seen-by.ts";
import { historySeenBy } from "#lib/queries/history-seen-by.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { releaseGrantAction, revokeGrantAction } from "../actions.ts";
import { Binding } from "./binding.tsx";
import { Receipts } from "./receipts.tsx";

export const metadata: Metadata = { title: "Grant" };

type Props = { params: Promise<{ grantId: string }> };

export default async function GrantPage({ params }: Props) {
  const { grantId } = await params;
  const viewer = await requireViewer(`/grants/${grantId}`);
  const grant = await grantSeenBy(viewer, grantId, { db: webDb() });
  if (!grant) notFound();
  const story = await historySeenBy(viewer, { grant: grantId, limit: 100 }, { db: webDb() });
  const isMine = grant.personId === viewer.personId;
  return (
    <>
      <PageHeader
        title={isMine ? grant.roleName : `${grant.roleName} for ${grant.personName}`}
        lead={<GrantStateBadge grant={grant} now={grant.now} />}
        actions={
          grant.mayRelease ? (
            <>
              <ExtendLink grant={grant} viewerId={viewer.personId} />
              <Release grantId={grant.id} />
            </>
          ) : undefined
        }
      />
      <Troubles grant={grant} />
      <Summary grant={grant} isMine={isMine} />
      <Section title="Where it takes effect">
        <div className="grid gap-4">
          {grant.bindings.map((binding) => (
            <Binding key={binding.id} binding={binding} grant={grant} />
          ))}
        </div>
      </Section>
      <Section title="Receipts" aside="What was asked of the provider, its own answer, and what was read back.">
        <Receipts grant={grant} />
      </Section>
      {grant.mayRevoke ? <TakeBack grant={grant} isMine={isMine} /> : null}
      <Section title="What happened">
        <Thread entries={story.toReversed()} />
      </Section>
    </>
  );
}

function Release({ grantId }: { grantId: string }) {
  return (
    <ActionForm action={releaseGrantAction}>
      <input type="hidden" name="grantId" value={grantId} />
      <SubmitButton tone="secondary">I’m done</SubmitButton>
    </ActionForm>
  );
}

function TakeBack({ grant, isMine }: { grant: GrantDetail; isMine: boolean }) {
  return (
    <Section title="Take it back">
      <div className="card p-5">
        <ActionForm action={revokeGrantAction} fields={["reason"]} className="grid gap-4">
          <input type="hidden" name="grantId" value={grant.id} />
          <Field
            name="reason"
            label="Why"
            required
            hint={
              isMine
                ? "The history keeps it."
                : `${grant.personName} sees this, and loses what this grant gives at every place at once.`
            }
          />
          <SubmitButton tone="danger" className="justify-self-start">
            Revoke
          </SubmitButton>
        </ActionForm>
      </div>
    </Section>
  );
}

function Troubles({ grant }: { grant: GrantDetail }) {
  if (grant.state === "ACTIVATION_FAILED" && grant.failure)
    return (
      <div className="mb-4">
        <Notice tone="bad">
          It could not be set up: {grant.failure}.{" "}
          {grant.closedAt ? "Nothing of it is left." : "What was set up is being removed."}
        </Notice>
      </div>
    );
  const waiting = grant.closedAt === null ? grant.bindings.filter((binding) => binding.lastError) : [];
  if (waiting.length === 0) return null;
  return (
    <div className="mb-4">
      <Notice tone="wait">
        {waiting.map((binding) => (
          <p key={binding.id}>
            {placeWords(binding)}: {binding.lastError}. Try {binding.tries + 1} comes by itself
            {binding.dueAt ? (
              <>
                {" "}
                at <Time at={binding.dueAt} style="second" />
              </>
            ) : null}
            .
          </p>
        ))}
      </Notice>
    </div>
  );
}

function Summary({ grant, isMine }: { grant: GrantDetail; isMine: boolean }) {
  const endedBy = grant.revokedBy && !isMine ? ` (${grant.revokedBy})` : "";
  return (
    <div className="card grid gap-5 p-5">
      {grant.state === "ACTIVE" ? (
        <TimeBar from={grant.activeAt ?? grant.startsAt} to={grant.endsAt} now={grant.now} />
      ) : null}
      <Facts
        items={[
          [
            "Who",
            <Link key="who" href={`/people/${grant.personId}`} prefetch={false} className="link">
              {grant.personName}
            </Link>,
          ],
          [
            "Role",
            <Link key="role" href={`/roles/${grant.roleSlug}`} prefetch={false} className="link">
              {grant.roleName}
            </Link>,
          ],
          [
            "Why",
            <span key="why" className="whitespace-pre-wrap">
              {grant.justification}
            </span>,
          ],
          ...(grant.redactedAt
            ? [["Names and reasons", <Redacted key="redacted" at={grant.redactedAt} />] as const]
            : []),
          ["Approved by", grant.approvers.join(", ")],
          [
            "Length",
            `${durationWords(grant.minutes)}${grant.state === "ACTIVATING" ? ", from when all of it is in place" : ""}`,
          ],
          ...(grant.activeAt
            ? [["In place since", <Time key="active" at={grant.activeAt} style="second" />] as const]
            : []),
          ...(grant.state === "ACTIVATING" ? [] : [endFact(grant)]),
          ...(grant.endReason ? [["Ended because", `${grant.endReason}${endedBy}`] as const] : []),
          ...(grant.closedAt
            ? [["Proved gone", <Time key="closed" at={grant.closedAt} style="second" />] as const]
            : []),
          [
            "Request",
            <Link key="request" href={`/requests/${grant.requestId}`} prefetch={false} className="link">
              From asked to gone
            </Link>,
          ],
        ]}
      />
    </div>
  );
}

function endFact({ endsAt, endingAt, closedAt, now }: GrantDetail): readonly [string, ReactNode] {
  const isOver = endingAt !== null || closedAt !== null;
  return [isOver ? "Was to end" : "Ends", <Time key="ends" at={endsAt} style="second" {...(isOver ? {} : { now })} />];
}
