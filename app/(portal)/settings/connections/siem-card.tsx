import { RadioTower } from "lucide-react";
import type { ReactNode } from "react";
import { Time } from "#components/time.tsx";
import { Facts } from "#components/ui/page.tsx";
import type { SiemState } from "#lib/queries/siem-state.ts";
import { Health } from "./health.tsx";

/** Where the history is forwarded to as it grows, and how far it is there. */
export function SiemCard({ siem }: { siem: SiemState }) {
  return (
    <section className="card p-5" aria-label="SIEM">
      <h2 className="mb-3 flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <RadioTower aria-hidden className="size-5 text-muted" />
        SIEM
        <Health off={siem.address === null} {...siem} words={{ well: "Takes everything", down: "Takes nothing" }} />
      </h2>
      {siem.address === null ? (
        <p className="max-w-prose text-muted">
          The history is forwarded nowhere. <code>SIEM_URL</code> sends it on as OCSF events, entry by entry.
        </p>
      ) : (
        <Facts items={factsOf(siem)} />
      )}
    </section>
  );
}

function factsOf(siem: SiemState): (readonly [string, ReactNode])[] {
  return [
    ["Receiver", siem.address],
    ["Last entry that it took", siem.seq === 0 ? "None yet" : siem.seq.toLocaleString("en")],
    ["Entries that it has not taken", siem.behind === 0 ? "None" : siem.behind.toLocaleString("en")],
    ["Last taken", siem.lastOkAt ? <Time key="ok" at={siem.lastOkAt} style="second" /> : "Never"],
    ...(siem.lastAnswer ? [["Last answer", siem.lastAnswer] as const] : []),
    ...(siem.nextTryAt
      ? [
          [
            "Next try",
            <span key="next">
              from entry {(siem.seq + 1).toLocaleString("en")}, <Time at={siem.nextTryAt} style="second" />
            </span>,
          ] as const,
        ]
      : []),
  ];
}
