import { changeWords } from "#lib/domain/change-words.ts";
import type { HistoryEntry } from "#lib/queries/history-seen-by.ts";
import type { Signature } from "#lib/queries/signatures.ts";
import { utcWords } from "./time-words.ts";
import { Facts } from "./ui/page.tsx";

type Props = { entries: readonly HistoryEntry[]; signature: Signature | null };

/** The entries with their hashes, and the signature that covers them. */
export function ChainProof({ entries, signature }: Props) {
  return (
    <div className="grid gap-4">
      <ol className="card rows text-sm">
        {entries.map((entry) => (
          <li key={entry.seq} className="px-4 py-2">
            <p className="break-words">
              <span className="tabular">{entry.seq.toLocaleString("en")}</span>, {changeWords(entry)},{" "}
              <time className="whitespace-nowrap normal-nums" dateTime={entry.at}>
                {utcWords(new Date(entry.at))}
              </time>
            </p>
            <p className="exact text-muted">{entry.hash}</p>
          </li>
        ))}
      </ol>
      <div className="card p-5 text-sm">
        {signature ? (
          <Facts
            items={[
              ["Signed", utcWords(new Date(signature.at))],
              ["Covers", `Everything up to change ${signature.seq.toLocaleString("en")}`],
              ["Hash there", <Exact key="hash" text={signature.hash} />],
              ["Signature", <Exact key="signature" text={signature.signature} />],
              ["Public key", <Exact key="key" text={signature.publicKey} />],
            ]}
          />
        ) : (
          <p>Not signed yet: the worker signs every few minutes.</p>
        )}
      </div>
    </div>
  );
}

function Exact({ text }: { text: string }) {
  return <span className="exact">{text}</span>;
}
