import type { Metadata } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { ExtendLink } from "#components/extend-link.tsx";
import { GrantCard } from "#components/grant-card.tsx";
import { GrantStateBadge } from "#components/grant-state.tsx";
import { RequestStateBadge } from "#components/request-state.tsx";
import { Time } from "#components/time.tsx";
import { ActionForm, SubmitButton } from "#components/ui/action-form.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Empty, PageHeader, Section } from "#components/ui/page.tsx";
import { isLive } from "#lib/domain/grant.ts";
import { durationWords } from "#lib/domain/words.ts";
import { clockNow } from "#lib/queries/clock-now.ts";
import { myAccess, type MyAccess } from "#lib/queries/my-access.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { releaseGrantAction } from "./grants/actions.ts";

export const metadata: Metadata = { title: "My access" };

export default async function MyAccessPage() {
  const viewer = await requireViewer("/");
  const db = webDb();
  const [{ open, waiting, ended, refused }, now] = await Promise.all([myAccess(viewer, { db }), clockNow({ db })]);
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
                  <div className="flex flex-wrap gap-2">
                    <ExtendLink grant={grant} viewerId={viewer.personId} />
                    {giveBack(grant)}
                  </div>
                ) : null
              }
            />
          ))}
        </div>
      ) : null}
      {waiting.length > 0 ? <Waiting requests={waiting} now={now} /> : null}
      {ended.length + refused.length > 0 ? <Lately ended={ended} refused={refused} now={now} /> : null}
    </>
  );
}

function giveBack({ id, state }: MyAccess["open"][number]): ReactNode {
  return (
    <ActionForm action={releaseGrantAction}>
      <input type="hidden" name="grantId" value={id} />
      <SubmitButton tone="secondary">{state === "SCHEDULED" ? "Not needed" : "I’m done"}</SubmitButton>
    </ActionForm>
  );
}

function Waiting({ requests, now }: { requests: MyAccess["waiting"]; now: Date }) {
  return (
    <Section title="Waiting for a decision">
      <ul className="card rows">
        {requests.map((request) => (
          <Row
            key={request.id}
            href={`/requests/${request.id}`}
            name={`${request.roleName}, ${durationWords(request.minutes)}`}
            badge={<RequestStateBadge request={request} />}
          >
            Asked <Time at={request.createdAt} now={now} />
          </Row>
        ))}
      </ul>
    </Section>
  );
}

function Lately({ ended, refused, now }: Pick<MyAccess, "ended" | "refused"> & { now: Date }) {
  const rows = [
    ...ended.map((grant) => ({
      requestId: grant.requestId,
      at: grant.closedAt ?? now,
      href: `/grants/${grant.id}`,
      roleName: grant.roleName,
      roleSlug: grant.roleSlug,
      badge: <GrantStateBadge grant={grant} now={now} />,
    })),
    ...refused.map((request) => ({
      requestId: request.id,
      at: request.closedAt ?? now,
      href: `/requests/${request.id}`,
      roleName: request.roleName,
      roleSlug: request.roleSlug,
      badge: <RequestStateBadge request={request} deniedBy={request.deniedBy} />,
    })),
  ].sort((a, b) => b.at.getTime() - a.at.getTime());
  return (
    <Section title="Ended lately">
      <ul className="card rows">
        {rows.map(({ requestId, href, roleName, roleSlug, badge }) => (
          <Row key={requestId} href={href} name={roleName} badge={badge}>
            <Link href={`/roles/${roleSlug}/request?again=${requestId}`} prefetch={false} className="link">
              Ask again<span className="sr-only"> for {roleName}</span>
            </Link>
          </Row>
        ))}
      </ul>
    </Section>
  );
}

function Row({ href, name, badge, children }: { href: string; name: string; badge: ReactNode; children: ReactNode }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1.5 px-4 py-3">
      <Link href={href} prefetch={false} className="font-medium hover:underline">
        {name}
      </Link>
      <span className="flex flex-wrap items-center gap-x-4 gap-y-1.5 text-sm text-muted">
        <span>{children}</span>
        {badge}
      </span>
    </li>
  );
}
