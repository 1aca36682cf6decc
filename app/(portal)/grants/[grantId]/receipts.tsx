import { Time } from "#components/time.tsx";
import { placeWords } from "#lib/domain/words.ts";
import type { GrantDetail, ReceiptRow } from "#lib/queries/grant-seen-by.ts";
import { standingWords } from "./standing-words.ts";

const DONE: Record<ReceiptRow["action"], string> = { apply: "Set", remove: "Removed from", restore: "Put back at" };

/** The stored proof of each change at a provider, newest first. */
export function Receipts({ grant }: { grant: GrantDetail }) {
  if (grant.receipts.length === 0) return <p className="text-muted">Nothing was written at a provider yet.</p>;
  const places = new Map(grant.bindings.map((binding) => [binding.id, placeWords(binding)]));
  return (
    <ul className="card rows">
      {grant.receipts.map((receipt) => (
        <li key={receipt.id} className="grid gap-x-4 px-4 py-2.5 sm:grid-cols-[5.5rem_1fr]">
          <span className="text-sm text-muted">
            <Time at={receipt.at} style="second" withDay={false} />
          </span>
          <div className="min-w-0 break-words">
            {DONE[receipt.action]} {places.get(receipt.bindingId)}: {standingWords(receipt.asked)}
            <p className="text-sm text-muted">
              Answer {receipt.answer.status}, {receipt.answer.words}. Read back: {standingWords(receipt.readBack)}.
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}
