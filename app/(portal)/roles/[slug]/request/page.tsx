import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { viewerZone } from "#components/time.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PageHeader } from "#components/ui/page.tsx";
import { judgeExtension } from "#lib/domain/grant.ts";
import { judgeSubmission } from "#lib/domain/request.ts";
import { anyOf, durationWords } from "#lib/domain/words.ts";
import { askedBefore } from "#lib/queries/asked-before.ts";
import { planFactsOf, type PlanFacts } from "#lib/queries/plan-facts.ts";
import { roleSeenBy, type RoleDetail } from "#lib/queries/role-seen-by.ts";
import { webDb } from "#lib/web/db.ts";
import { REFUSALS } from "#lib/web/refusal-words.ts";
import { requireViewer } from "#lib/web/session.ts";
import { AskForm } from "./ask-form.tsx";

export const metadata: Metadata = { title: "Ask for access" };

const NOTHING: PlanFacts = { accounts: {}, held: [] };

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<{ extends?: string; again?: string }> };

export default async function AskPage({ params, searchParams }: Props) {
  const [{ slug }, { extends: grantId, again }] = await Promise.all([params, searchParams]);
  const viewer = await requireViewer(`/roles/${slug}/request`);
  const db = webDb();
  const [role, facts, asked] = await Promise.all([
    roleSeenBy(viewer, slug, { db }),
    planFactsOf([viewer.personId], { db }),
    askedBefore(viewer, slug, again, { db }),
  ]);
  if (!role?.mayAsk) notFound();
  const refusal = refusalBeforehand(role, viewer.personId);
  const held = role.openGrants.find((grant) => grant.id === grantId);
  const extended = held && judgeExtension(held, viewer.personId).allowed ? held : undefined;
  return (
    <>
      <PageHeader
        back={{ href: `/roles/${slug}`, label: role.name }}
        title={extended ? `Extend ${role.name}` : `Ask for ${role.name}`}
        lead={role.summary}
      />
      {grantId && !extended && !refusal ? (
        <div className="mb-6">
          <Notice tone="info">
            That access cannot be extended any more: it is over, or it goes on already. This asks for it anew.
          </Notice>
        </div>
      ) : null}
      {refusal ? (
        <Notice tone="wait">
          <p>{refusal}</p>
          {role.pendingRequestId ? (
            <Link href={`/requests/${role.pendingRequestId}`} prefetch={false} className="link">
              See your request
            </Link>
          ) : null}
        </Notice>
      ) : (
        <AskForm
          extended={extended ? { grantId: extended.id, endsAt: extended.endsAt.toISOString() } : null}
          again={asked}
          role={{ slug, maxMinutes: role.maxMinutes, entitlements: role.entitlements }}
          facts={facts.get(viewer.personId) ?? NOTHING}
          now={role.now.toISOString()}
          timeZone={await viewerZone()}
        >
          <Terms role={role} personId={viewer.personId} isExtension={extended !== undefined} />
        </AskForm>
      )}
    </>
  );
}

function Terms({ role, personId, isExtension }: { role: RoleDetail; personId: string; isExtension: boolean }) {
  const deciders = role.owners.filter((owner) => owner.id !== personId).map((owner) => owner.name);
  return (
    <ul className="grid gap-1.5 border-t border-line pt-4 text-sm text-muted">
      <li>
        {deciders.length === 1 ? "1 person" : `${deciders.length} people`} can decide: {anyOf(deciders)}. Not you.
        {role.approvalsNeeded > 1 ? ` ${role.approvalsNeeded} of them have to approve.` : ""}
      </li>
      <li>If nobody decides within {durationWords(role.decideWithinMinutes)}, nothing is done.</li>
      <li>
        {isExtension
          ? "It goes on where your access ends now, without a gap. Approved later than that, it starts anew."
          : "The time starts when everything is in place, not while you wait."}
      </li>
      <li>At the end it is removed everywhere, and looked for again until it is proved gone.</li>
    </ul>
  );
}

/** What would be refused whatever is typed is said before anything is typed, by the rule that would refuse it. */
function refusalBeforehand(role: RoleDetail, personId: string): string | null {
  const verdict = judgeSubmission(
    {
      ...role,
      requesterId: personId,
      ownerIds: role.owners.map((owner) => owner.id),
      connectionsWithoutAccount: role.entitlements
        .map((entitlement) => entitlement.connection)
        .filter((connection) => !role.accounts[connection]),
      pendingForSameRole: role.pendingRequestId !== null,
    },
    { minutes: 1, justification: "x", ticket: null, startsAt: null },
    role.now,
  );
  return verdict.allowed ? null : REFUSALS[verdict.code].words;
}
