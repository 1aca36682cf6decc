import type { Metadata } from "next";
import { Time } from "#components/time.tsx";
import { ActionForm, SubmitButton } from "#components/ui/action-form.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Empty, PageHeader } from "#components/ui/page.tsx";
import { people, type PersonRow } from "#lib/queries/people.ts";
import { webDb } from "#lib/web/db.ts";
import { requireOverseer } from "#lib/web/session.ts";
import { deactivatePersonAction } from "../actions.ts";

export const metadata: Metadata = { title: "People" };

export default async function PeoplePage({ searchParams }: { searchParams: Promise<{ q?: string }> }) {
  const viewer = await requireOverseer("/settings/people");
  const { q = "" } = await searchParams;
  const rows = await people(q, { db: webDb() });
  return (
    <>
      <PageHeader title="People" lead="As the identity provider and the directory name them. The first 100 that fit." />
      <form role="search" className="mb-5 flex gap-2">
        <input
          className="input max-w-72"
          type="search"
          name="q"
          aria-label="Search people"
          placeholder="Search people"
          defaultValue={q}
        />
        <Button type="submit">Search</Button>
      </form>
      {rows.length === 0 ? <Empty>Nobody fits.</Empty> : null}
      <ul className="card rows">
        {rows.map((person) => (
          <Person key={person.id} person={person} mayDeactivate={viewer.isAdmin && person.id !== viewer.personId} />
        ))}
      </ul>
    </>
  );
}

function Person({ person, mayDeactivate }: { person: PersonRow; mayDeactivate: boolean }) {
  const roles = [person.isAdmin ? "admin" : "", person.isAuditor ? "auditor" : ""].filter(Boolean).join(", ");
  return (
    <li className="flex flex-wrap items-start justify-between gap-3 px-4 py-3">
      <div className="min-w-0">
        <p className="font-medium break-words">
          {person.name}
          {roles ? (
            <span className="ml-2 rounded-full bg-accent-soft px-2 py-0.5 text-sm font-normal text-accent">
              {roles}
            </span>
          ) : null}
        </p>
        <p className="text-sm text-muted">
          {person.email}
          {person.openGrants > 0 ? ` · ${person.openGrants} open ${person.openGrants === 1 ? "grant" : "grants"}` : ""}
        </p>
      </div>
      {person.deactivatedAt ? (
        <span className="text-sm text-muted">
          Deactivated <Time at={person.deactivatedAt} />
        </span>
      ) : mayDeactivate ? (
        <details className="text-right">
          <summary className="text-sm text-bad">Deactivate</summary>
          <ActionForm action={deactivatePersonAction} fields={["reason"]} className="mt-3 grid w-72 gap-3 text-left">
            <input type="hidden" name="personId" value={person.id} />
            <Field
              name="reason"
              label="Why"
              required
              maxLength={1_000}
              hint="Ends sessions, tokens, requests and live grants at once."
            />
            <SubmitButton tone="danger">Deactivate {person.name}</SubmitButton>
          </ActionForm>
        </details>
      ) : null}
    </li>
  );
}
