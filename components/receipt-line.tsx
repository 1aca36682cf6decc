import { placeWords } from "#lib/domain/words.ts";
import type { Place } from "#lib/domain/entitlement.ts";
import type { Receipt } from "#lib/queries/receipts.ts";
import { standingWords } from "./standing-words.ts";
import { Time } from "./time.tsx";

const DONE: Record<Receipt["action"], string> = { apply: "Set", remove: "Removed from", restore: "Put back at" };

type Props = { receipt: Receipt; place: Pick<Place, "kind" | "target">; who?: string };

/** The proof of one change at a provider: what was asked, the provider's own answer, and what was read back. */
export function ReceiptLine({ receipt, place, who }: Props) {
  return (
    <li className="grid gap-x-4 px-4 py-2.5 sm:grid-cols-[5.5rem_1fr]">
      <span className="text-sm text-muted">
        <Time at={receipt.at} style="second" withDay={false} />
      </span>
      <div className="min-w-0 break-words">
        {who ? `${who}. ` : null}
        {DONE[receipt.action]} {placeWords(place)}
        {receipt.action === "remove" ? null : `: ${standingWords(receipt.asked)}`}
        <p className="text-sm text-muted">
          Answer {receipt.answer.status}, {receipt.answer.words}. Read back: {standingWords(receipt.readBack)}.
        </p>
      </div>
    </li>
  );
}
