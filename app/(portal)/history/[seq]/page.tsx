import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { Thread } from "#components/thread.tsx";
import { Time } from "#components/time.tsx";
import { Facts, PageHeader, Section } from "#components/ui/page.tsx";
import type { Json } from "#lib/domain/change.ts";
import { changeWords } from "#lib/domain/change-words.ts";
import { historyEntry } from "#lib/queries/history-seen-by.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";

export const metadata: Metadata = { title: "Change" };

const VIA: Record<string, string> = {
  web: "in the browser",
  api: "through the API",
  worker: "by itself",
  host: "on the host",
  "sign-in": "by signing in",
};

export default async function ChangePage({ params }: { params: Promise<{ seq: string }> }) {
  const { seq } = await params;
  const viewer = await requireViewer(`/history/${seq}`);
  const number = Number(seq);
  const found = Number.isSafeInteger(number) && number > 0 ? await historyEntry(viewer, number, { db: webDb() }) : null;
  if (!found) notFound();
  const { entry, cause, caused } = found;
  return (
    <>
      <PageHeader back={{ href: "/history", label: "History" }} title={changeWords(entry)} />
      <div className="card p-5">
        <Facts
          items={[
            ["When", <Time key="when" at={new Date(entry.at)} style="second" />],
            ["Who", `${entry.actor.name}, ${VIA[entry.actor.via] ?? entry.actor.via}`],
            ...(entry.why ? [["Why", entry.why] as const] : []),
            ...(entry.requestId
              ? [
                  [
                    "Request",
                    <Link key="request" className="link" prefetch={false} href={`/requests/${entry.requestId}`}>
                      Open
                    </Link>,
                  ] as const,
                ]
              : []),
            ...(entry.grantId
              ? [
                  [
                    "Grant",
                    <Link key="grant" className="link" prefetch={false} href={`/grants/${entry.grantId}`}>
                      Open
                    </Link>,
                  ] as const,
                ]
              : []),
            ["Number", String(entry.seq)],
            [
              "Hash",
              <code key="hash" className="font-mono text-sm break-all">
                {entry.hash}
              </code>,
            ],
          ]}
        />
      </div>
      <Section title="Before and after">
        <div className="grid gap-4 md:grid-cols-2">
          <Side title="Before" value={entry.before} />
          <Side title="After" value={entry.after} />
        </div>
      </Section>
      {cause ? (
        <Section title="Caused by">
          <Thread entries={[cause]} />
        </Section>
      ) : null}
      {caused.length > 0 ? (
        <Section title="What it caused">
          <Thread entries={caused} />
        </Section>
      ) : null}
    </>
  );
}

function Side({ title, value }: { title: string; value: Json }) {
  return (
    <figure className="card overflow-hidden">
      <figcaption className="border-b border-line px-4 py-2 text-sm text-muted">{title}</figcaption>
      <pre tabIndex={0} className="overflow-x-auto px-4 py-3 font-mono text-sm">
        {value === null ? "nothing" : JSON.stringify(value, null, 2)}
      </pre>
    </figure>
  );
}
