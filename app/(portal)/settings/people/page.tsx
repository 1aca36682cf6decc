import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { z } from "zod";
import { Time } from "#components/time.tsx";
import { ActionForm, SubmitButton } from "#components/ui/action-form.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Empty, PageHeader } from "#components/ui/page.tsx";
import { people, type PersonRow } from "#lib/queries/people.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { deactivatePersonAction } from "../actions.ts";

export const metadata: Metadata = { title: "People" };

const PAGE = 50;

// PostgreSQL takes no NUL in text.
const search = z
  .string()
  .max(200)
  .regex(/^[^\0]*$/)
  .catch("");
const query = z.object({ q: search, after: z.uuid().optional().catch(undefined) });

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function PeoplePage({ searchParams }: Props) {
  const viewer = await requireViewer("/settings/people");
  const { q, after } = query.parse(await searchParams);
  const rows = await people(viewer, { search: q, after, limit: PAGE + 1 }, { db: webDb() });
  if (!rows) notFound();
  const page = rows.slice(0, PAGE);
  const last = rows.length > PAGE ? page.at(-1) : undefined;
  return (
    <>
      <PageHeader title="People" lead="As the identity provider and the directory name them." />
      <form role="search" className="mb-5 flex gap-2">
        <input
          className="input max-w-72"
          type="search"
          name="q"
          aria-label="Search people"
          placeholder="Name, e-mail or user name"
          defaultValue={q}
        />
        <Button type="submit">Search</Button>
      </form>
      {page.length === 0 ? (
        <Empty>Nobody fits.</Empty>
      ) : (
        <ul className="card rows">
          {page.map((person) => (
            <Person key={person.id} person={person} mayDeactivate={viewer.isAdmin && person.id !== viewer.personId} />
          ))}
        </ul>
      )}
      {last ? (
        <p className="mt-5">
          <Link
            className="link"
            href={`/settings/people?${new URLSearchParams({ q, after: last.id }).toString()}`}
            prefetch={false}
          >
            Further people
          </Link>
        </p>
      ) : null}
    </>
  );
}

function Person({ person, mayDeactivate }: { person: PersonRow; mayDeactivate: boolean }) {
  const roles = [person.isAdmin ? "admin" : "", person.isAuditor ? "auditor" : ""].filter(Boolean).join(", ");
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 px-4 py-3">
      <div className="min-w-0">
        <p className="font-medium break-words">
          <Link href={`/people/${person.id}`} prefetch={false} className="hover:underline">
            {person.name}
          </Link>
          {roles ? (
            <span className="ml-2 rounded-full bg-accent-soft px-2 py-0.5 text-sm font-normal text-accent">
              {roles}
            </span>
          ) : null}
        </p>
        <p className="text-sm break-words text-muted">
          {person.email}
          {person.openGrants > 0 ? ` · ${person.openGrants} open ${person.openGrants === 1 ? "grant" : "grants"}` : ""}
        </p>
      </div>
      <div className="flex flex-wrap items-start gap-x-5 gap-y-2 text-sm">
        <Link
          href={`/history?${new URLSearchParams({ person: person.email || person.username }).toString()}`}
          prefetch={false}
          className="link"
        >
          History<span className="sr-only"> of {person.name}</span>
        </Link>
        {person.deactivatedAt ? (
          <span className="text-muted">
            Deactivated <Time at={person.deactivatedAt} />
          </span>
        ) : mayDeactivate ? (
          <Deactivation person={person} />
        ) : null}
      </div>
    </li>
  );
}

function Deactivation({ person }: { person: PersonRow }) {
  return (
    <details>
      <summary className="text-bad">
        Deactivate<span className="sr-only"> {person.name}</span>
      </summary>
      <ActionForm action={deactivatePersonAction} fields={["reason"]} className="mt-3 grid w-72 max-w-full gap-3">
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
  );
}
