import type { ReactNode } from "react";
import type { Evidence } from "#lib/domain/evidence.ts";
import { CHANGE_TITLES } from "#lib/domain/change-words.ts";
import { durationWords, receiptWords } from "#lib/domain/words.ts";
import { utcWords } from "./time-words.ts";
import { Facts } from "./ui/page.tsx";

type Fact = readonly [label: string, value: ReactNode];

/** What the history proves of one request, from asked to proved gone. */
export function EvidenceFacts({ evidence }: { evidence: Evidence }) {
  return (
    <div className="grid gap-4">
      <Facts items={factsOf(evidence)} />
      {evidence.receipts.length > 0 ? <Receipts receipts={evidence.receipts} /> : null}
    </div>
  );
}

function factsOf({ asked, policy, decisions, activeAt, ending, goneAt, entries }: Evidence): Fact[] {
  const policyFact: Fact[] = policy
    ? [["That version", <Said key="policy" by={policy.by} at={policy.at} verb="published by" why={policy.why} />]]
    : [];
  return [
    ...(asked ? askedFacts(asked) : [["Asked", "Outside of this time"] as const]),
    ...policyFact,
    ...decisions.map((decision): Fact => [
      decision.verdict === "approved" ? "Approved" : "Denied",
      <span key={decision.at}>
        {decision.verdict === "approved" && typeof decision.minutes === "number"
          ? `${durationWords(decision.minutes)}, `
          : ""}
        <Said by={decision.by} at={decision.at} verb="by" why={decision.note} />
      </span>,
    ]),
    ["Seen in place", activeAt ? <Moment at={activeAt} /> : "Never"],
    [
      "Its end",
      ending ? (
        <span>
          {CHANGE_TITLES[ending.kind][1]}: <Said by={ending.by} at={ending.at} verb="by" why={ending.why} />
        </span>
      ) : decisions.some(({ verdict }) => verdict === "denied") ? (
        "It was denied"
      ) : (
        "Not yet"
      ),
    ],
    ["Proved gone", goneAt ? <Moment at={goneAt} /> : goneWords(activeAt)],
    ["Entries", entries.join(", ")],
  ];
}

function askedFacts(asked: NonNullable<Evidence["asked"]>): Fact[] {
  return [
    ["Asked", <Said key="asked" by={asked.by} at={asked.at} verb="by" why={asked.why} />],
    ["For", `${textOf(asked.role)}, version ${textOf(asked.roleVersion)}, ${durationWords(Number(asked.minutes))}`],
    ...(asked.ticket ? [["Ticket", textOf(asked.ticket)] as const] : []),
  ];
}

function Said({ verb, by, at, why }: { verb: string; by: string; at: string; why: string | null }) {
  return (
    <span>
      {verb} {by}, <Moment at={at} />
      {why ? `: “${why}”` : ""}
    </span>
  );
}

function Receipts({ receipts }: Pick<Evidence, "receipts">) {
  return (
    <div>
      <p className="mb-1.5 font-medium">What was done at the providers</p>
      <ul className="rows text-sm">
        {receipts.map((receipt) => (
          <li key={`${receipt.at} ${textOf(receipt.target)}`} className="py-1.5 break-words">
            <Moment at={receipt.at} />: {receiptWords(receipt)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The same for every reader and on paper. */
function Moment({ at }: { at: string }) {
  return (
    <time className="whitespace-nowrap normal-nums" dateTime={at}>
      {utcWords(new Date(at))}
    </time>
  );
}

function goneWords(activeAt: string | null): string {
  return activeAt ? "Not yet" : "There was nothing to remove";
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "something";
}
