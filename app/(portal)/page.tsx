import type { Metadata } from "next";
import Link from "next/link";
import { GrantCard } from "#components/grant-card.tsx";
import { RequestStateBadge } from "#components/request-state.tsx";
import { Time } from "#components/time.tsx";
import { ActionForm, SubmitButton } from "#components/ui/action-form.tsx";
import { LinkButton } from "#components/ui/button.tsx";
import { Empty, PageHeader, Section } from "#components/ui/page.tsx";
import { isLive } from "#lib/domain/grant.ts";
import { durationWords } from "#lib/domain/words.ts";
import { myAccess } from "#lib/queries/my-access.ts";
import { clockNow } from "#lib/queries/clock-now.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { releaseGrantAction } from "./grants/actions.ts";

export const metadata: Metadata = { title: "My access" };

export default async function MyAccessPage() {
  const viewer = await requireViewer("/");
  const db = webDb();
  const [{ open, waiting, ended }, now] = await Promise.all([myAccess(viewer, { db }), clockNow({ db })]);
  const ask = (
    <LinkButton href="/roles" tone="primary">
      Ask for access
    </LinkButton>
  );
  const isEmpty = open.length === 0 && waiting.length === 0;
  return (
    <>
      <PageHeader title="My access" actions={isEmpty ? undefined : ask} />
      {isEmpty ? <Empty action={ask}>You have no temporary access right now.</Empty> : null}
      {open.length > 0 ? (
        <div className="grid gap-4">
          {open.map((grant) => (
            <GrantCard
              key={grant.id}
              grant={grant}
              now={now}
              actions={
                isLive(grant.state) ? (
                  <ActionForm action={releaseGrantAction}>
                    <input type="hidden" name="grantId" value={grant.id} />
                    <SubmitButton tone="secondary">I’m done</SubmitButton>
                  </ActionForm>
                ) : undefined
              }
            />
          ))}
        </div>
      ) : null}
      {waiting.length > 0 ? (
        <Section title="Waiting for a decision">
          <ul className="card rows">
            {waiting.map((request) => (
              <li key={request.id} className="flex flex-wrap items-center justify-between gap-2 px-4 py-3">
                <Link href={`/requests/${request.id}`} prefetch={false} className="font-medium hover:underline">
                  {request.roleName}, {durationWords(request.minutes)}
                </Link>
                <span className="flex flex-wrap items-center gap-3 text-sm text-muted">
                  <span>
                    since <Time at={request.createdAt} />
                  </span>
                  <RequestStateBadge request={request} />
                </span>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      {ended.length > 0 ? (
        <Section title="Ended lately">
          <ul className="card rows">
            {ended.map((grant) => (
              <li key={grant.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-3">
                <Link href={`/grants/${grant.id}`} prefetch={false} className="font-medium hover:underline">
                  {grant.roleName}
                </Link>
                <span className="flex flex-wrap items-center gap-3 text-sm text-muted">
                  {grant.closedAt ? (
                    <span>
                      {grant.state === "ACTIVATION_FAILED" ? "Could not be set up, " : "Proved gone at "}
                      <Time at={grant.closedAt} style="second" />
                    </span>
                  ) : null}
                  <Link href={`/roles/${grant.roleSlug}/request`} prefetch={false} className="link">
                    Ask again<span className="sr-only"> for {grant.roleName}</span>
                  </Link>
                </span>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
    </>
  );
}
