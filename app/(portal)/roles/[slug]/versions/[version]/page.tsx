import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Differences } from "#components/differences.tsx";
import { Entitlements } from "#components/entitlements.tsx";
import { Redacted } from "#components/redacted.tsx";
import { Settling } from "#components/settling.tsx";
import { Time } from "#components/time.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Facts, PageHeader, Section } from "#components/ui/page.tsx";
import { WaitingNotice } from "#components/waiting-notice.tsx";
import { ROLE_FIELDS, differences, roleFieldWords, type RoleField } from "#lib/domain/role-difference.ts";
import { roleSeenBy } from "#lib/queries/role-seen-by.ts";
import { roleVersionSeenBy } from "#lib/queries/role-version-seen-by.ts";
import type { VersionRow } from "#lib/queries/role-versions.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { groupNamer } from "../group-namer.ts";

export const metadata: Metadata = { title: "Version" };

export default async function VersionPage({ params }: { params: Promise<{ slug: string; version: string }> }) {
  const { slug, version: number } = await params;
  const viewer = await requireViewer(`/roles/${slug}/versions/${number}`);
  const [role, found] = await Promise.all([
    roleSeenBy(viewer, slug, { db: webDb() }),
    roleVersionSeenBy(viewer, slug, Number(number), { db: webDb() }),
  ]);
  if (!role || !found) notFound();
  const { version, previous, settling } = found;
  const nameOf = groupNamer(previous ? [version, previous] : [version]);
  return (
    <>
      <PageHeader
        back={{ href: `/roles/${slug}/versions`, label: `Versions of ${role.name}` }}
        title={`Version ${version.version} of ${role.name}`}
        lead={<Story version={version} />}
        actions={
          role.mayEdit && !version.isCurrent ? (
            <LinkButton href={`/roles/${slug}/versions/${version.version}/rollback`}>Roll back</LinkButton>
          ) : undefined
        }
      />
      {version.isCurrent ? <WaitingNotice wideningId={role.waitingWideningId} /> : null}
      {settling.length > 0 ? (
        <Section title="What it took from live grants">
          <Settling lines={settling} />
        </Section>
      ) : null}
      {previous ? (
        <Section title={`What is different from version ${previous.version}`}>
          <div className="card p-5">
            <Differences items={differences(previous, version, nameOf)} />
          </div>
        </Section>
      ) : null}
      <Section title="What it says">
        <div className="grid gap-5 lg:grid-cols-2">
          <div className="card p-5">
            <h3 className="mb-3 font-semibold">What it gives</h3>
            {version.entitlements.length > 0 ? (
              <Entitlements lines={version.entitlements} />
            ) : (
              <p className="text-muted">Nothing.</p>
            )}
          </div>
          <div className="card p-5">
            <Facts
              items={(Object.keys(ROLE_FIELDS) as RoleField[]).map(
                (field) => [ROLE_FIELDS[field], roleFieldWords(field, version[field], nameOf) || "empty"] as const,
              )}
            />
          </div>
        </div>
      </Section>
    </>
  );
}

function Story({ version }: { version: VersionRow }) {
  return (
    <>
      {version.isCurrent ? "In force. " : ""}
      {version.restores === null ? "" : `Restores version ${version.restores}. `}
      {version.publishedBy ?? "The host"}, <Time at={version.publishedAt} style="second" />: “{version.reason}”
      {version.redactedAt ? (
        <>
          , <Redacted at={version.redactedAt} />
        </>
      ) : null}
    </>
  );
}
