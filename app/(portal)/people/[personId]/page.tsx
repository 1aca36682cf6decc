import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { Holders } from "#components/holders.tsx";
import { Thread } from "#components/thread.tsx";
import { Time } from "#components/time.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { PageHeader, Section } from "#components/ui/page.tsx";
import { seesAll } from "#lib/domain/viewer.ts";
import { historySeenBy } from "#lib/queries/history-seen-by.ts";
import { personSeenBy, type PersonDetail } from "#lib/queries/person-seen-by.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";

export const metadata: Metadata = { title: "Person" };

const LATELY = 10;

export default async function PersonPage({ params }: { params: Promise<{ personId: string }> }) {
  const { personId } = await params;
  const viewer = await requireViewer(`/people/${personId}`);
  const db = webDb();
  const person = await personSeenBy(viewer, personId, { db });
  if (!person) notFound();
  const [about, by] = await Promise.all([
    historySeenBy(viewer, { person: person.id, limit: LATELY }, { db }),
    historySeenBy(viewer, { actor: person.id, limit: LATELY }, { db }),
  ]);
  const isAll = seesAll(viewer) || person.id === viewer.personId;
  const name = encodeURIComponent(person.email || person.id);
  return (
    <>
      <PageHeader
        title={person.name}
        lead={<Who person={person} />}
        actions={<LinkButton href={`/history/access?person=${name}`}>What they had at a time</LinkButton>}
      />
      <Section title="Has now">
        <Holders
          grants={person.open}
          now={person.now}
          by="role"
          empty={isAll ? "Nothing." : "Nothing that you may see."}
        />
      </Section>
      {person.ended.length > 0 ? (
        <Section title="Had lately">
          <Holders grants={person.ended} now={person.now} by="role" empty="" />
        </Section>
      ) : null}
      <Section title="What happened to their access" aside={<All href={`/history?person=${name}`} />}>
        <Thread entries={about} withDay />
      </Section>
      <Section title="What they did" aside={<All href={`/history?actor=${name}`} />}>
        <Thread entries={by} withDay />
      </Section>
    </>
  );
}

function Who({ person }: { person: PersonDetail }) {
  const is = person.isAdmin ? ["admin"] : person.isAuditor ? ["auditor"] : [];
  return (
    <>
      <span className="break-all">{[person.username, person.email, ...is].filter(Boolean).join(", ")}</span>
      {person.deactivatedAt ? (
        <>
          . Deactivated <Time at={person.deactivatedAt} now={person.now} />
        </>
      ) : null}
    </>
  );
}

function All({ href }: { href: string }) {
  return (
    <Link href={href} prefetch={false} className="link">
      All of it
    </Link>
  );
}
