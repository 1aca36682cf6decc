import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { Differences } from "#components/differences.tsx";
import { Time } from "#components/time.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader, Section } from "#components/ui/page.tsx";
import { differences, type Difference } from "#lib/domain/role-difference.ts";
import { roleSeenBy } from "#lib/queries/role-seen-by.ts";
import { roleVersions, type VersionRow } from "#lib/queries/role-versions.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { Comparison } from "./comparison.tsx";
import { groupNamer } from "./group-namer.ts";

export const metadata: Metadata = { title: "Versions" };

type Props = {
  params: Promise<{ slug: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function VersionsPage({ params, searchParams }: Props) {
  const { slug } = await params;
  const viewer = await requireViewer(`/roles/${slug}/versions`);
  const [role, versions] = await Promise.all([
    roleSeenBy(viewer, slug, { db: webDb() }),
    roleVersions(viewer, slug, { db: webDb() }),
  ]);
  if (!role || !versions) notFound();
  const nameOf = groupNamer(versions);
  const inForce = versions.find(({ isCurrent }) => isCurrent)?.version;
  return (
    <>
      <PageHeader
        back={{ href: `/roles/${slug}`, label: role.name }}
        title={`Versions of ${role.name}`}
        lead="Every version is kept. Going back to one makes a new one."
      />
      {versions.length > 1 ? <Comparison versions={versions} asked={await searchParams} nameOf={nameOf} /> : null}
      <Section title="All of them">
        <ol className="card rows">
          {versions.map((row, i) => (
            <Version
              key={row.version}
              row={row}
              changed={changedSince(versions[i + 1], row, nameOf)}
              slug={slug}
              inForce={inForce}
              mayEdit={role.mayEdit}
            />
          ))}
        </ol>
      </Section>
    </>
  );
}

function changedSince(before: VersionRow | undefined, row: VersionRow, nameOf: (id: string) => string): Difference[] {
  return differences(before ?? { ...row, entitlements: [] }, row, nameOf);
}

type VersionProps = {
  row: VersionRow;
  changed: readonly Difference[];
  slug: string;
  inForce: number | undefined;
  mayEdit: boolean;
};

function Version({ row, changed, slug, inForce, mayEdit }: VersionProps) {
  return (
    <li className="flex flex-wrap items-start justify-between gap-3 px-4 py-3.5">
      <div className="min-w-0 flex-1 basis-72">
        <p className="font-medium">
          <Link href={`/roles/${slug}/versions/${row.version}`} prefetch={false} className="hover:underline">
            Version {row.version}
          </Link>
          {row.isCurrent ? (
            <span className="ml-2 rounded-full bg-good-soft px-2 py-0.5 text-sm text-good">in force</span>
          ) : null}
          {row.restores ? (
            <span className="ml-2 text-sm font-normal text-muted">restores version {row.restores}</span>
          ) : null}
        </p>
        <p className="text-sm break-words text-muted">
          {row.publishedBy ?? "The host"}, <Time at={row.publishedAt} />: “{row.reason}”
        </p>
        <div className="mt-1.5">
          <Differences items={changed} dense />
        </div>
      </div>
      {row.isCurrent ? null : (
        <div className="flex flex-wrap items-center gap-3">
          <Link
            href={`/roles/${slug}/versions?from=${row.version}&to=${inForce ?? ""}`}
            prefetch={false}
            className="link text-sm"
          >
            Compare<span className="sr-only"> version {row.version}</span> with the one in force
          </Link>
          {mayEdit ? (
            <LinkButton href={`/roles/${slug}/versions/${row.version}/rollback`}>
              Roll back<span className="sr-only"> to version {row.version}</span>
            </LinkButton>
          ) : null}
        </div>
      )}
    </li>
  );
}
