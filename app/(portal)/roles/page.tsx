import type { Metadata } from "next";
import Link from "next/link";
import { Entitlements } from "#components/entitlements.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Empty, PageHeader } from "#components/ui/page.tsx";
import { durationWords } from "#lib/domain/words.ts";
import { rolesFor, type RoleRow } from "#lib/queries/roles-for.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { RoleSearch } from "./role-search.tsx";
import { fitsSearch } from "./fits-search.ts";

export const metadata: Metadata = { title: "Roles" };

/** Nobody reads further; the search reads all. */
const SHOWN = 100;

type Props = { searchParams: Promise<Record<"q" | "provider" | "owner", string | string[] | undefined>> };

export default async function RolesPage({ searchParams }: Props) {
  const viewer = await requireViewer("/roles");
  const params = await searchParams;
  const search = { q: textOf(params.q), provider: textOf(params.provider), owner: textOf(params.owner) };
  const all = await rolesFor(viewer, { db: webDb() });
  const roles = all.filter((role) => fitsSearch(role, search));
  return (
    <>
      <PageHeader
        title="Roles"
        lead="What you may ask for, and what you look after."
        actions={viewer.isAdmin ? <LinkButton href="/roles/new">New role</LinkButton> : undefined}
      />
      <RoleSearch
        {...search}
        owners={[...new Set(all.map((role) => role.ownerGroup))].sort()}
        found={roles.length === all.length ? "" : `${roles.length} of ${all.length}`}
      />
      {roles.length === 0 ? (
        <Empty>
          {all.length === 0
            ? "There is no role that you may ask for. Roles belong to groups: ask the owner of your GitLab group."
            : "No role fits this search."}
        </Empty>
      ) : (
        <ul className="card rows">
          {roles.slice(0, SHOWN).map((role) => (
            <Role key={role.slug} role={role} />
          ))}
        </ul>
      )}
      {roles.length > SHOWN ? (
        <p className="mt-4 text-muted">
          These are the first {SHOWN} of {roles.length}. Search to find the others.
        </p>
      ) : null}
    </>
  );
}

function Role({ role }: { role: RoleRow }) {
  return (
    <li className="grid gap-x-8 gap-y-3 p-4 sm:px-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.25fr)_8.5rem] lg:items-center">
      <div className="min-w-0">
        <Link href={`/roles/${role.slug}`} prefetch={false} className="font-semibold hover:underline">
          {role.name}
        </Link>
        <p className="text-sm text-muted">{role.summary}</p>
      </div>
      <div className="grid min-w-0 gap-1.5 text-sm">
        <Entitlements lines={role.entitlements} />
        <p className="text-muted">
          Up to {durationWords(role.maxMinutes)}, decided by{" "}
          {role.ownerGroupMissingSince ? `nobody: ${role.ownerGroup} is gone` : `owners of ${role.ownerGroup}`}
          {role.ownerGroupMissingSince !== null || role.usualMinutesToDecision === null
            ? ""
            : `, usually within ${durationWords(Math.max(1, Math.ceil(role.usualMinutesToDecision)))}`}
        </p>
      </div>
      {role.mayAsk ? (
        <LinkButton href={`/roles/${role.slug}/request`} className="justify-self-start lg:justify-self-end">
          Ask for access<span className="sr-only"> to {role.name}</span>
        </LinkButton>
      ) : (
        <span className="text-sm text-muted lg:text-right">Not yours to ask for</span>
      )}
    </li>
  );
}

/** A field that is in the address twice is not a search that this page made. */
function textOf(value: string | string[] | undefined): string {
  return typeof value === "string" ? value : "";
}
