import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { Plan } from "#components/plan.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PageHeader } from "#components/ui/page.tsx";
import { afterMinutes, backstopDate } from "#lib/domain/duration.ts";
import { judgeSubmission } from "#lib/domain/request.ts";
import { anyOf, durationWords } from "#lib/domain/words.ts";
import { roleSeenBy, type RoleDetail } from "#lib/queries/role-seen-by.ts";
import { webDb } from "#lib/web/db.ts";
import { REFUSALS } from "#lib/web/refusal-words.ts";
import { requireViewer } from "#lib/web/session.ts";
import { AskForm } from "./ask-form.tsx";

export const metadata: Metadata = { title: "Ask for access" };

const LENGTHS = [30, 60, 120, 240];

type Props = { params: Promise<{ slug: string }> };

export default async function AskPage({ params }: Props) {
  const { slug } = await params;
  const viewer = await requireViewer(`/roles/${slug}/request`);
  const role = await roleSeenBy(viewer, slug, { db: webDb() });
  if (!role?.mayAsk) notFound();
  const refusal = refusalBeforehand(role, viewer.personId);
  const deciders = role.owners.filter((owner) => owner.id !== viewer.personId).map((owner) => owner.name);
  const lengths = [...new Set([...LENGTHS.filter((minutes) => minutes < role.maxMinutes), role.maxMinutes])];
  return (
    <>
      <PageHeader
        back={{ href: `/roles/${slug}`, label: role.name }}
        title={`Ask for ${role.name}`}
        lead={role.summary}
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1.15fr)_minmax(0,1fr)]">
        {refusal ? (
          <Notice tone="wait">
            <p>{refusal}</p>
            {role.pendingRequestId ? (
              <Link href={`/requests/${role.pendingRequestId}`} className="link">
                See your request
              </Link>
            ) : null}
          </Notice>
        ) : (
          <AskForm
            slug={slug}
            maxMinutes={role.maxMinutes}
            lengths={lengths.map((minutes) => ({ minutes, words: durationWords(minutes) }))}
          />
        )}
        <aside className="card grid gap-4 p-5" aria-labelledby="plan">
          <h2 id="plan">What will happen</h2>
          <Plan
            entitlements={role.entitlements}
            accounts={role.accounts}
            backstop={backstopDate(afterMinutes(role.now, lengths[0] ?? role.maxMinutes))}
          />
          <ol className="grid gap-1.5 border-t border-line pt-4 text-sm text-muted">
            <li>
              {deciders.length === 1 ? "1 person" : `${deciders.length} people`} can decide: {anyOf(deciders)}. Not you.
            </li>
            <li>The time starts when everything is in place, not while you wait.</li>
            <li>At the end it is removed everywhere, and looked for again until it is proved gone.</li>
          </ol>
        </aside>
      </div>
    </>
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
