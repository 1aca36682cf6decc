import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { Entitlements } from "#components/entitlements.tsx";
import { GrantStateBadge } from "#components/grant-state.tsx";
import { Time } from "#components/time.tsx";
import { LinkButton } from "#components/ui/button.tsx";
import { Facts, PageHeader, Section } from "#components/ui/page.tsx";
import { durationWords } from "#lib/domain/words.ts";
import { roleSeenBy } from "#lib/queries/role-seen-by.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).slug };
}

export default async function RolePage({ params }: Props) {
  const { slug } = await params;
  const viewer = await requireViewer(`/roles/${slug}`);
  const role = await roleSeenBy(viewer, slug, { db: webDb() });
  if (!role) notFound();
  const deciders = role.owners.filter((owner) => owner.id !== viewer.personId);
  return (
    <>
      <PageHeader
        back={{ href: "/roles", label: "Roles" }}
        title={role.name}
        lead={role.summary}
        actions={
          <>
            {role.mayEdit ? <LinkButton href={`/roles/${slug}/edit`}>Edit role</LinkButton> : null}
            {role.mayAsk ? (
              <LinkButton
                href={role.pendingRequestId ? `/requests/${role.pendingRequestId}` : `/roles/${slug}/request`}
                tone="primary"
              >
                {role.pendingRequestId ? "Your waiting request" : "Ask for access"}
              </LinkButton>
            ) : null}
          </>
        }
      />
      <div className="grid gap-5 lg:grid-cols-2">
        <div className="card p-5">
          <h2 className="mb-3">What it gives</h2>
          <Entitlements lines={role.entitlements} />
        </div>
        <div className="card p-5">
          <h2 className="mb-3">How it is decided</h2>
          <Facts
            items={[
              [
                "Decided by",
                deciders.length > 0
                  ? deciders.map((owner) => owner.name).join(", ")
                  : "Nobody: the owner group has no other owner",
              ],
              ["Owner group", role.ownerGroup],
              ["Who may ask", role.requesterGroup],
              ["Approvals needed", String(role.approvalsNeeded)],
              ["Longest time", durationWords(role.maxMinutes)],
              ["Decided within", durationWords(role.decideWithinMinutes)],
              [
                "Version",
                <Link key="versions" href={`/roles/${slug}/versions`} prefetch={false} className="link">
                  {role.version}, published <Time at={role.publishedAt} />
                </Link>,
              ],
            ]}
          />
        </div>
      </div>
      <Section title="Who has it now">
        {role.openGrants.length === 0 ? (
          <p className="text-muted">Nobody that you may see.</p>
        ) : (
          <ul className="card rows">
            {role.openGrants.map((grant) => (
              <li key={grant.id} className="flex flex-wrap items-center justify-between gap-2 px-4 py-3">
                <Link href={`/grants/${grant.id}`} prefetch={false} className="font-medium hover:underline">
                  {grant.personName}
                </Link>
                <GrantStateBadge grant={grant} now={role.now} />
              </li>
            ))}
          </ul>
        )}
      </Section>
      <p className="mt-8">
        <Link href={`/history?role=${slug}`} prefetch={false} className="link">
          History of this role
        </Link>
      </p>
    </>
  );
}
