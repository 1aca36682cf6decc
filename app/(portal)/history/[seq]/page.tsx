import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { Differences } from "#components/differences.tsx";
import { ExactSides } from "#components/exact-sides.tsx";
import { placeAddress } from "#components/place-address.ts";
import { ReceiptLine } from "#components/receipt-line.tsx";
import { Redacted } from "#components/redacted.tsx";
import { Settling } from "#components/settling.tsx";
import { Thread } from "#components/thread.tsx";
import { Time } from "#components/time.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Facts, PageHeader, Section } from "#components/ui/page.tsx";
import { changeDifferences } from "#lib/domain/change-difference.ts";
import { changeWords } from "#lib/domain/change-words.ts";
import { isPlaceKind } from "#lib/domain/entitlement.ts";
import { whyNotUndoable } from "#lib/domain/undoable.ts";
import { CAUSED_MAX, historyEntry } from "#lib/queries/history-entry.ts";
import type { HistoryEntry } from "#lib/queries/history-seen-by.ts";
import { changeAndCaused, settlingOf } from "#lib/queries/settling.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";

export const metadata: Metadata = { title: "Change" };

const VIA: Readonly<Record<string, string>> = {
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
  const { entry, cause, caused, names, receipt } = found;
  const settling = await settlingOf(viewer, changeAndCaused(entry.id), { db: webDb() });
  return (
    <>
      <PageHeader
        back={{ href: "/history", label: "History" }}
        title={changeWords(entry)}
        actions={viewer.isAdmin ? <Back entry={entry} /> : undefined}
      />
      <div className="card p-5">
        <Facts items={[...factsOf(entry), ...(viewer.isAdmin ? whyNot(entry) : [])]} />
      </div>
      <Section title="Before and after">
        <div className="card grid gap-4 p-5">
          <Differences
            items={changeDifferences(entry, (id) => names[id] ?? id)}
            empty="This entry changed no value; that it happened is what it says."
          />
          <ExactSides
            label="Exactly as it was recorded"
            sides={[
              ["Before", entry.before],
              ["After", entry.after],
            ]}
          />
        </div>
      </Section>
      {receipt ? (
        <Section title="Receipt" aside="What was asked of the provider, its own answer, and what was read back.">
          <ul className="card rows">
            <ReceiptLine receipt={receipt} place={receipt} />
          </ul>
        </Section>
      ) : null}
      {settling.length > 0 ? (
        <Section title="What it took from live grants">
          <Settling lines={settling} />
        </Section>
      ) : null}
      {cause ? (
        <Section title="What caused it">
          <Thread entries={[cause]} />
        </Section>
      ) : null}
      {caused.length > 0 ? (
        <Section title="What it caused" aside={caused.length === CAUSED_MAX ? `The first ${CAUSED_MAX}` : undefined}>
          <Thread entries={caused} />
        </Section>
      ) : null}
    </>
  );
}

/** The ways back from here, for admins. */
function Back({ entry }: { entry: HistoryEntry }) {
  return (
    <>
      {whyNotUndoable(entry.kind) === null ? (
        <LinkButton href={`/history/${entry.seq}/rollback`}>Roll back this change</LinkButton>
      ) : null}
      <LinkButton href={`/history/rollback?to=${entry.seq}`}>Roll everything back to here</LinkButton>
    </>
  );
}

function whyNot({ kind }: HistoryEntry): (readonly [string, ReactNode])[] {
  const words = whyNotUndoable(kind);
  return words === null ? [] : [["No rollback", words]];
}

function factsOf(entry: HistoryEntry): (readonly [string, ReactNode])[] {
  const link = (label: string, href: string, words: string) =>
    [
      label,
      <Link key={label} className="link" prefetch={false} href={href}>
        {words}
      </Link>,
    ] as const;
  return [
    ["When", <Time key="when" at={new Date(entry.at)} style="second" />],
    ["Who", `${entry.actor.name}, ${VIA[entry.actor.via] ?? entry.actor.via}`],
    ...(entry.why ? [["Why", entry.why] as const] : []),
    ...(entry.redactedAt ? [["Names and reasons", <Redacted key="redacted" at={entry.redactedAt} />] as const] : []),
    ...(entry.personId ? [link("Person", `/people/${entry.personId}`, personName(entry))] : []),
    ...placeLink(entry),
    ...(entry.requestId ? [link("Request", `/requests/${entry.requestId}`, "From asked to gone")] : []),
    ...(entry.grantId ? [link("Grant", `/grants/${entry.grantId}`, "Its places and receipts")] : []),
    ...(typeof entry.about.role === "string" ? [link("Role", `/roles/${entry.about.role}`, entry.about.role)] : []),
    ...(typeof entry.about.widening === "string"
      ? [link("Proposal", `/widenings/${entry.about.widening}`, "What it gives more")]
      : []),
    ...(typeof entry.about.undoes === "number"
      ? [link("Rolls back", `/history/${entry.about.undoes}`, `Change ${entry.about.undoes}`)]
      : []),
    ["Number", entry.seq.toLocaleString("en")],
    [
      "Hash",
      <code key="hash" className="font-mono text-sm break-all">
        {entry.hash}
      </code>,
    ],
  ];
}

function personName({ about, actor, personId }: HistoryEntry): string {
  if (typeof about.person === "string") return about.person;
  return actor.id === personId ? actor.name : "Their own page";
}

function placeLink({ about: { connection, kind, target } }: HistoryEntry): (readonly [string, ReactNode])[] {
  if (typeof connection !== "string" || typeof kind !== "string" || typeof target !== "string") return [];
  if (!isPlaceKind(kind)) return [];
  return [
    [
      "Place",
      <Link key="place" className="link exact" prefetch={false} href={placeAddress({ connection, kind, target })}>
        {target}
      </Link>,
    ],
  ];
}
