import type { Metadata } from "next";
import Link from "next/link";
import { Entitlements } from "#components/entitlements.tsx";
import { Button, LinkButton } from "#components/ui/button.tsx";
import { Empty, PageHeader } from "#components/ui/page.tsx";
import { providerOf } from "#lib/domain/entitlement.ts";
import { durationWords } from "#lib/domain/words.ts";
import { rolesFor, type RoleRow } from "#lib/queries/roles-for.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";

export const metadata: Metadata = { title: "Roles" };

type Props = { searchParams: Promise<{ q?: string; provider?: string; owner?: string }> };

export default async function RolesPage({ searchParams }: Props) {
  const viewer = await requireViewer("/roles");
  const filter = await searchParams;
  const all = await rolesFor(viewer, { db: webDb() });
  const owners = [...new Set(all.map((role) => role.ownerGroup))].sort();
  const roles = all.filter((role) => fits(role, filter));
  return (
    <>
      <PageHeader
        title="Roles"
        lead="What you may ask for, and what you look after."
        actions={viewer.isAdmin ? <LinkButton href="/roles/new">New role</LinkButton> : undefined}
      />
      <form role="search" className="mb-5 flex flex-wrap gap-2">
        <input
          className="input sm:max-w-72"
          type="search"
          name="q"
          aria-label="Search roles"
          placeholder="Search roles"
          defaultValue={filter.q ?? ""}
        />
        <select className="input w-auto" name="provider" aria-label="Where" defaultValue={filter.provider ?? ""}>
          <option value="">GitLab and AWS</option>
          <option value="gitlab">With GitLab</option>
          <option value="aws">With AWS</option>
        </select>
        <select className="input w-auto" name="owner" aria-label="Owner" defaultValue={filter.owner ?? ""}>
          <option value="">Any owner</option>
          {owners.map((owner) => (
            <option key={owner}>{owner}</option>
          ))}
        </select>
        <Button type="submit">Search</Button>
      </form>
      {roles.length === 0 ? (
        <Empty>
          {all.length === 0
            ? "There is no role that you may ask for. Roles belong to groups: ask the owner of your GitLab group."
            : "No role fits this search."}
        </Empty>
      ) : (
        <ul className="card rows">
          {roles.map((role) => (
            <Role key={role.slug} role={role} />
          ))}
        </ul>
      )}
    </>
  );
}

function Role({ role }: { role: RoleRow }) {
  return (
    <li className="grid gap-x-6 gap-y-2 p-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)_auto] lg:items-center">
      <div className="min-w-0">
        <Link href={`/roles/${role.slug}`} prefetch={false} className="font-semibold hover:underline">
          {role.name}
        </Link>
        <p className="text-sm text-muted">{role.summary}</p>
      </div>
      <div className="min-w-0 text-sm">
        <Entitlements lines={role.entitlements} />
        <p className="mt-1 text-muted">
          Up to {durationWords(role.maxMinutes)} · decided by owners of {role.ownerGroup}
          {role.usualMinutesToDecision === null
            ? ""
            : `, usually within ${durationWords(Math.max(1, Math.ceil(role.usualMinutesToDecision)))}`}
        </p>
      </div>
      {role.mayAsk ? (
        <LinkButton href={`/roles/${role.slug}/request`}>
          Ask for access<span className="sr-only"> to {role.name}</span>
        </LinkButton>
      ) : (
        <span className="text-sm text-muted">Not yours to ask for</span>
      )}
    </li>
  );
}

function fits(role: RoleRow, { q = "", provider, owner }: { q?: string; provider?: string; owner?: string }): boolean {
  const text = [role.name, role.slug, role.summary, ...role.entitlements.map((line) => line.target)]
    .join(" ")
    .toLowerCase();
  return (
    text.includes(q.trim().toLowerCase()) &&
    (!provider || role.entitlements.some((line) => providerOf(line.kind) === provider)) &&
    (!owner || role.ownerGroup === owner)
  );
}
