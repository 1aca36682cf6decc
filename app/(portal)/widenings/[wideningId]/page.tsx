import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { wideningTitle } from "#components/state-words.ts";
import { Time } from "#components/time.tsx";
import { ActionForm, SubmitButton } from "#components/ui/action-form.tsx";
import { Facts, PageHeader, Section } from "#components/ui/page.tsx";
import { WideningDecision } from "#components/widening-decision.tsx";
import { WideningFacts } from "#components/widening-facts.tsx";
import { WideningStateBadge } from "#components/widening-state.tsx";
import { wideningSeenBy, type WideningRow } from "#lib/queries/widenings.ts";
import { webDb } from "#lib/web/db.ts";
import { REFUSALS } from "#lib/web/refusal-words.ts";
import { requireViewer } from "#lib/web/session.ts";
import { decideWideningAction, withdrawWideningAction } from "../actions.ts";

export const metadata: Metadata = { title: "Proposal" };

export default async function WideningPage({ params }: { params: Promise<{ wideningId: string }> }) {
  const { wideningId } = await params;
  const viewer = await requireViewer(`/widenings/${wideningId}`);
  const widening = await wideningSeenBy(viewer, wideningId, { db: webDb() });
  if (!widening) notFound();
  const { roleSlug, roleName } = widening;
  return (
    <>
      <PageHeader
        {...(roleSlug === null ? {} : { back: { href: `/roles/${roleSlug}`, label: roleName ?? roleSlug } })}
        title={wideningTitle(widening)}
        lead={<WideningStateBadge widening={widening} />}
        actions={widening.mayWithdraw ? <Withdraw wideningId={widening.id} /> : undefined}
      />
      <div className="card grid gap-6 p-5 sm:p-7">
        <WideningFacts widening={widening} />
        {widening.state === "PENDING" ? <Deciding widening={widening} /> : null}
      </div>
      {widening.decidedBy && widening.closedAt ? <Decided widening={widening} at={widening.closedAt} /> : null}
      {roleSlug === null ? null : (
        <p className="mt-6">
          <Link href={`/roles/${roleSlug}/versions`} prefetch={false} className="link">
            Versions of {roleName}
          </Link>
        </p>
      )}
    </>
  );
}

function Deciding({ widening }: { widening: WideningRow }) {
  const { id, proposerName, whyNotDecide } = widening;
  return (
    <div className="border-t border-line pt-5">
      {whyNotDecide === null ? (
        <WideningDecision
          action={decideWideningAction}
          wideningId={id}
          proposerName={proposerName}
          about={wideningTitle(widening)}
        />
      ) : (
        <p className="text-muted">{REFUSALS[whyNotDecide].words}</p>
      )}
    </div>
  );
}

function Decided({ widening: { state, decidedBy, note }, at }: { widening: WideningRow; at: Date }) {
  return (
    <Section title="The decision">
      <div className="card p-5">
        <Facts
          items={[
            [state === "APPROVED" ? "Approved by" : "Denied by", decidedBy],
            ["When", <Time key="at" at={at} style="second" />],
            ...(note ? [["Note", note] as const] : []),
          ]}
        />
      </div>
    </Section>
  );
}

function Withdraw({ wideningId }: { wideningId: string }) {
  return (
    <ActionForm action={withdrawWideningAction}>
      <input type="hidden" name="wideningId" value={wideningId} />
      <SubmitButton tone="secondary">Withdraw</SubmitButton>
    </ActionForm>
  );
}
