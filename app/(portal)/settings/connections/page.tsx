import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { ProviderMark } from "#components/provider-mark.tsx";
import { Time } from "#components/time.tsx";
import { Empty, Facts, PageHeader } from "#components/ui/page.tsx";
import { connections, type ConnectionRow } from "#lib/queries/connections.ts";
import { mailState } from "#lib/queries/mail-state.ts";
import { siemState } from "#lib/queries/siem-state.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { Health } from "./health.tsx";
import { MailCard } from "./mail-card.tsx";
import { SiemCard } from "./siem-card.tsx";

export const metadata: Metadata = { title: "Connections" };

export default async function ConnectionsPage() {
  const viewer = await requireViewer("/settings/connections");
  const db = webDb();
  const [rows, mail, siem] = await Promise.all([
    connections(viewer, { db }),
    mailState(viewer, { db }),
    siemState(viewer, { db }),
  ]);
  if (!rows) notFound();
  return (
    <>
      <PageHeader
        title="Connections"
        lead="Where grants take effect, how people are told, and where the history is forwarded. They are configured on the host by environment variables; only the worker holds their credentials."
      />
      {rows.length === 0 ? <Empty>The worker has not connected to anything yet. Is it running?</Empty> : null}
      <div className="grid gap-5 lg:grid-cols-2">
        {rows.map((row) => (
          <section key={row.name} className="card p-5" aria-label={row.name}>
            <h2 className="mb-3 flex flex-wrap items-center gap-x-2.5 gap-y-1">
              <ProviderMark kind={row.provider === "gitlab" ? "gitlab-group" : "aws-iam-group"} />
              {row.name}
              <Health {...row} words={{ well: "Answers", down: "Does not answer" }} />
            </h2>
            <Facts items={factsOf(row)} />
          </section>
        ))}
        {mail ? <MailCard mail={mail} /> : null}
        {siem ? <SiemCard siem={siem} /> : null}
      </div>
    </>
  );
}

function factsOf(row: ConnectionRow): (readonly [string, ReactNode])[] {
  return [
    ["Last answer", row.lastOkAt ? <Time key="ok" at={row.lastOkAt} style="second" /> : "Never"],
    ...(row.downSince && row.lastError ? [["What went wrong", row.lastError] as const] : []),
    ["Directory read", row.syncedAt ? <Time key="synced" at={row.syncedAt} style="second" /> : "Never"],
    ["People with an account", row.accounts.toLocaleString("en")],
    ...(row.provider === "gitlab" ? [["Groups", row.groups.toLocaleString("en")] as const] : []),
    ["Places held by grants", row.places.toLocaleString("en")],
    [
      "Due to be looked at",
      row.oldestDueAt ? (
        <>
          {row.due}, the oldest since <Time at={row.oldestDueAt} style="second" />
        </>
      ) : (
        "Nothing"
      ),
    ],
  ];
}
