import "server-only";
import type { z } from "zod";
import type { Actor } from "../domain/actor.ts";
import { canonicalJson, type Json } from "../domain/change.ts";
import { Refused } from "../domain/refusals.ts";
import type { Selection } from "../domain/selection.ts";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { evidenceIn, type Proved } from "../domain/evidence.ts";
import { evidenceOfQuarter, toProved } from "../queries/evidence.ts";
import { countSelected, selectedEntries } from "../queries/exported.ts";
import { exportLines, type Exporting } from "../queries/export-lines.ts";
import { requestSeenBy } from "../queries/request-seen-by.ts";
import { selectedChanges } from "../queries/selected-changes.ts";
import { selectionFilter } from "../queries/selection-filter.ts";
import { PACK_BETWEEN, PACK_HEAD, PACK_MIDDLE, PACK_TAIL } from "../proof/evidence-pack.ts";
import { recordExport } from "../usecases/record-export.ts";
import type { exportQuery } from "./api-schemas.ts";
import { CSV_HEAD, csvLine } from "./history-csv.ts";
import { askedOf } from "./history-filters.ts";
import { actorOf } from "./session.ts";

export type ExportOrder = z.output<typeof exportQuery>;

const TYPES = {
  jsonl: { type: "application/x-ndjson", ending: "jsonl" },
  csv: { type: "text/csv; charset=utf-8; header=present", ending: "csv" },
  evidence: { type: "application/json", ending: "json" },
} as const;

/** Without their parameters. */
export const EXPORT_TYPES = Object.values(TYPES).map(({ type }) => type.replace(/;.*/, ""));

/**
 * Streams what this viewer may take out of the history, after saying in the history that they do. Memory does not grow
 * with it. Refuses a time in which nothing can be, and what the viewer may not see.
 */
export async function exportHistory(
  viewer: Viewer,
  via: Actor["via"],
  order: ExportOrder,
  { db }: { db: Db },
): Promise<Response> {
  const selection = await selectionOf(viewer, order, db);
  const selected = await selectedChanges(selection, { db });
  const { entries, upTo } = await countSelected(selected, { db });
  const { format } = order;
  const { id, seq, at } = await recordExport(actorOf(viewer, via), { format, selection, entries }, { db });
  const exporting = { facts: { format, selection, entries }, selected, upTo, id, seq };
  const { type, ending } = TYPES[format];
  const name = `daypass-${format === "evidence" ? "evidence" : "history"}-${at.toISOString().slice(0, 10)}.${ending}`;
  return new Response(streamOf(textOf(viewer, exporting, db)), {
    headers: {
      "content-type": type,
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
    },
  });
}

async function selectionOf(viewer: Viewer, order: ExportOrder, db: Db): Promise<Selection> {
  const { format, quarter, ...filters } = order;
  if (quarter !== undefined) {
    if (!seesAll(viewer)) throw new Refused("not-allowed");
    return { of: "quarter", quarter };
  }
  if (format === "evidence") {
    const requestId = filters.request ?? "";
    if (!(await requestSeenBy(viewer, requestId, { db }))) throw new Refused("not-found", "request");
    return { of: "request", requestId };
  }
  const asked = await askedOf(filters, { db });
  if (!asked) throw new Refused("person-unknown");
  const filter = await selectionFilter(viewer, asked, { db });
  if (!filter) throw new Refused("role-unknown", "role");
  return { of: "history", filter };
}

async function* textOf(viewer: Viewer, exporting: Exporting, db: Db): AsyncGenerator<string> {
  const { format } = exporting.facts;
  if (format === "csv") yield* csvOf(exporting, db);
  else if (format === "evidence") yield* evidencePack(viewer, exporting, db);
  else yield* exportLines(exporting, { db });
}

async function* csvOf({ selected, upTo }: Exporting, db: Db): AsyncGenerator<string> {
  yield CSV_HEAD;
  for await (const page of selectedEntries(selected, upTo, { db })) yield page.map(csvLine).join("");
}

/** What the history proves of each request, and the entries that prove it, as in an export. */
async function* evidencePack(viewer: Viewer, exporting: Exporting, db: Db): AsyncGenerator<string> {
  yield PACK_HEAD;
  yield* between(evidenceWanted(viewer, exporting, db), (evidence) => canonicalJson(evidence));
  yield PACK_MIDDLE;
  yield* between(exportLines(exporting, { db }), (lines) => lines.trimEnd().replaceAll("\n", PACK_BETWEEN));
  yield PACK_TAIL;
}

async function* between<T>(items: AsyncIterable<T>, textFor: (item: T) => string): AsyncGenerator<string> {
  let comma = "";
  for await (const item of items) {
    yield `${comma}${textFor(item)}`;
    comma = PACK_BETWEEN;
  }
}

async function* evidenceWanted(viewer: Viewer, exporting: Exporting, db: Db): AsyncGenerator<Json> {
  const { facts, selected, upTo } = exporting;
  const { selection } = facts;
  if (selection.of === "request") {
    const entries: Proved[] = [];
    for await (const page of selectedEntries(selected, upTo, { db })) entries.push(...page.map(toProved));
    yield* evidenceIn(entries) as unknown as readonly Json[];
  }
  if (selection.of === "quarter")
    for await (const batch of evidenceOfQuarter(viewer, selection.quarter, upTo, { db }))
      yield* batch as unknown as readonly Json[];
}

function streamOf(texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const next = await texts.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await texts.return(undefined);
    },
  });
}
