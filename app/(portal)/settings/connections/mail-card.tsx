import { Mail } from "lucide-react";
import type { ReactNode } from "react";
import { Time } from "#components/time.tsx";
import { Facts } from "#components/ui/page.tsx";
import type { MailState } from "#lib/queries/mail-state.ts";
import { Health } from "./health.tsx";

/** How people are told when they are not looking at Daypass. */
export function MailCard({ mail }: { mail: MailState }) {
  return (
    <section className="card p-5" aria-label="E-mail">
      <h2 className="mb-3 flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <Mail aria-hidden className="size-5 text-muted" />
        E-mail
        <Health off={mail.address === null} {...mail} words={{ well: "Answers", down: "Takes no mail" }} />
      </h2>
      {mail.address === null ? (
        <p className="max-w-prose text-muted">
          No e-mail is sent: people see what waits for them only here. <code>MAIL_URL</code> and <code>MAIL_FROM</code>{" "}
          turn it on.
        </p>
      ) : (
        <Facts items={factsOf(mail)} />
      )}
    </section>
  );
}

function factsOf(mail: MailState): (readonly [string, ReactNode])[] {
  return [
    ["Mail server", mail.address],
    ["Last answer", mail.lastOkAt ? <Time key="ok" at={mail.lastOkAt} style="second" /> : "Never"],
    ...(mail.downSince && mail.lastError ? [["What went wrong", mail.lastError] as const] : []),
    [
      "Waiting to be sent",
      mail.oldestAt ? (
        <>
          {mail.waiting}, the oldest since <Time at={mail.oldestAt} style="second" />
        </>
      ) : (
        "Nothing"
      ),
    ],
    ["Sent in the last 30 days", mail.sent.toLocaleString("en")],
    ...(mail.refused > 0 ? [["Refused by the mail server", mail.refused.toLocaleString("en")] as const] : []),
    ...(mail.unsure > 0 ? [["Sent without an answer", mail.unsure.toLocaleString("en")] as const] : []),
  ];
}
