import { ShieldAlert, ShieldCheck } from "lucide-react";
import { chainState } from "#lib/queries/chain-state.ts";
import { webDb } from "#lib/web/db.ts";

/** Whether the history is whole, from the first entry to the last. */
export async function ChainWords() {
  const { count, brokenAt } = await chainState({ db: webDb() });
  if (brokenAt !== null)
    return (
      <span role="alert" className="inline-flex items-start gap-2 font-medium text-bad">
        <ShieldAlert aria-hidden className="mt-0.5 size-5 shrink-0" />
        The chain is broken at change {brokenAt.toLocaleString("en")}. Somebody changed the history outside Daypass.
      </span>
    );
  return (
    <span className="inline-flex items-center gap-2">
      <ShieldCheck aria-hidden className="size-5 shrink-0 text-good" />
      {count.toLocaleString("en")} changes, verified to the last
    </span>
  );
}
