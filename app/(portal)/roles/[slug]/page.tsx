import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { Entitlements } from "#components/entitlements.tsx";
import { Holders } from "#components/holders.tsx";
import { Thread } from "#components/thread.tsx";
import { Time } from "#components/time.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Facts, PageHeader, Section } from "#components/ui/page.tsx";
import { durationWords } from "#lib/domain/words.ts";
import { WaitingNotice } from "#components/waiting-notice.tsx";
import { historySeenBy } from "#lib/queries/history-seen-by.ts";
import { roleSeenBy, type RoleDetail } from "#lib/queries/role-seen-by.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";

const LATELY = 8;

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).slug };
}

export default async function RolePage({ params }: Props) {
  const { slug } = await params;
  const viewer = await requireViewer(`/roles/${slug}`);
  const db = webDb();
  const role = await roleSeenBy(viewer, slug, { db });
  if (!role) notFound();
  const story = await historySeenBy(viewer, { role: slug, limit: LATELY }, { db });
  return (
    <>
      <PageHeader
        back={{ href: "/roles", label: "Roles" }}
        title={role.name}
        lead={role.summary}
        actions={<Actions role={role} />}
      />
      <WaitingNotice wideningId={role.waitingWideningId} />
      <div className="card p-5">
        <h2 className="mb-3">What it gives</h2>
        {role.entitlements.length > 0 ? (
          <Entitlements lines={role.entitlements} linked />
        ) : (
          <p className="text-muted">Nothing right now, so it cannot be asked for.</p>
        )}
      </div>
      <Terms role={role} viewerId={viewer.personId} />
      <Section title="Who has it now or soon">
        <Holders
          grants={role.openGrants}
          now={role.now}
          empty={role.mayEdit ? "Nobody." : "Nobody that you may see."}
        />
      </Section>
      <Section
        title="What happened lately"
        aside={
          <Link href={`/history?role=${slug}`} prefetch={false} className="link">
            All of its history
          </Link>
        }
      >
        <Thread entries={story} withDay />
      </Section>
    </>
  );
}

function Actions({ role }: { role: RoleDetail }) {
  const waiting = role.pendingRequestId ? `/requests/${role.pendingRequestId}` : null;
  return (
    <>
      {role.mayEdit ? <LinkButton href={`/roles/${role.slug}/edit`}>Edit role</LinkButton> : null}
      {role.mayAsk && role.entitlements.length > 0 ? (
        <LinkButton href={waiting ?? `/roles/${role.slug}/request`} tone="primary">
          {waiting ? "Your waiting request" : "Ask for access"}
        </LinkButton>
      ) : null}
    </>
  );
}

function Terms({ role, viewerId }: { role: RoleDetail; viewerId: string }) {
  const deciders = role.owners.filter((owner) => owner.id !== viewerId).map((owner) => owner.name);
  return (
    <div className="mt-5 grid gap-5 lg:grid-cols-2">
      <div className="card p-5">
        <h2 className="mb-3">Who decides</h2>
        <Facts
          items={[
            ["Decided by", deciders.length > 0 ? deciders.join(", ") : nobodyDecides(role)],
            ["Approvals needed", String(role.approvalsNeeded)],
            ["Owner group", <OwnerGroup key="owner-group" role={role} />],
          ]}
        />
      </div>
      <div className="card p-5">
        <h2 className="mb-3">Limits</h2>
        <Facts
          items={[
            ["Longest time", durationWords(role.maxMinutes)],
            ["Decided within", `${durationWords(role.decideWithinMinutes)}, or not at all`],
            ["Who may ask", exact(role.requesterGroup)],
            [
              "In force",
              <span key="version">
                <Link href={`/roles/${role.slug}/versions`} prefetch={false} className="link">
                  Version {role.version}
                </Link>
                , published <Time at={role.publishedAt} now={role.now} />
                {role.publishedBy ? ` by ${role.publishedBy}` : ""}
              </span>,
            ],
          ]}
        />
      </div>
    </div>
  );
}

function nobodyDecides({ ownerGroupMissingSince }: RoleDetail): string {
  return ownerGroupMissingSince
    ? "Nobody: the owner group is gone. An admin can give the role another one"
    : "Nobody: the owner group has no other owner";
}

function OwnerGroup({ role }: { role: RoleDetail }) {
  return (
    <>
      {exact(role.ownerGroup)}
      {role.ownerGroupMissingSince ? (
        <>
          , gone since <Time at={role.ownerGroupMissingSince} now={role.now} />
        </>
      ) : null}
    </>
  );
}

function exact(path: string) {
  return (
    <span key={path} className="exact">
      {path}
    </span>
  );
}
