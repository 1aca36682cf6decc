import { ReceiptLine } from "#components/receipt-line.tsx";
import type { GrantDetail } from "#lib/queries/grant-seen-by.ts";

/** The stored proof of each change at a provider, newest first. */
export function Receipts({ grant }: { grant: GrantDetail }) {
  if (grant.receipts.length === 0) return <p className="text-muted">Nothing was written at a provider yet.</p>;
  const places = new Map(grant.bindings.map((binding) => [binding.id, binding]));
  return (
    <ul className="card rows">
      {grant.receipts.map((receipt) => {
        const place = places.get(receipt.bindingId);
        return place ? <ReceiptLine key={receipt.id} receipt={receipt} place={place} /> : null;
      })}
    </ul>
  );
}
