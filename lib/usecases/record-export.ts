import { v7 as newId } from "uuid";
import type { Actor } from "../domain/actor.ts";
import type { Json } from "../domain/change.ts";
import { judgeSelection, type Selection } from "../domain/selection.ts";
import { orRefuse } from "../domain/refusals.ts";
import type { Db } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { databaseNow } from "../db/now.ts";
import { record } from "../db/record.ts";

export type RecordExport = {
  readonly format: "jsonl" | "csv" | "evidence";
  readonly selection: Selection;
  readonly entries: number;
};

const FORMATS = { jsonl: "JSON Lines", csv: "CSV", evidence: "evidence" } as const;

/**
 * Says in the history who takes what out of it, before anything leaves. Gives the change that says so and its place; it
 * is the last entry of the export itself.
 */
export async function recordExport(
  actor: Actor,
  { format, selection, entries }: RecordExport,
  { db }: { db: Db },
): Promise<{ id: string; seq: bigint; at: Date }> {
  const id = newId();
  const at = await durably(db, async (tx) => {
    const now = await databaseNow(tx);
    orRefuse(judgeSelection(selection, now), "since");
    await record(tx, actor, now, [
      {
        id,
        kind: "history.exported",
        about: {
          what: `${entries.toLocaleString("en")} ${entries === 1 ? "change" : "changes"}`,
          format: FORMATS[format],
        },
        personId: actor.personId,
        requestId: selection.of === "request" ? selection.requestId : null,
        after: { format, selection: selection as Json, entries },
      },
    ]);
    return now;
  });
  const { seq } = await db.change.findUniqueOrThrow({ where: { id }, select: { seq: true } });
  return { id, seq, at };
}
