import { Download } from "lucide-react";
import { ExportForm } from "#components/export-form.tsx";
import type { HistorySearch } from "#lib/web/history-search.ts";

/** Takes what the filters show out of the history. */
export function ExportChoice({ search }: { search: HistorySearch }) {
  return (
    <details className="card no-print mb-6 px-4 py-3">
      <summary className="font-medium">
        <Download aria-hidden className="mr-2 inline size-4" />
        Export what these filters show
      </summary>
      <div className="mt-3 grid gap-3">
        <ExportForm fields={search} label="Export">
          <label className="grid gap-1 text-sm">
            As
            <select className="input" name="format" defaultValue="jsonl">
              <option value="jsonl">JSON Lines, which can be verified</option>
              <option value="csv">CSV, for a spreadsheet</option>
            </select>
          </label>
        </ExportForm>
        <p className="max-w-prose text-sm text-muted">
          The history keeps that you did. Whoever gets the JSON Lines can check them with{" "}
          <code className="exact">npx daypass verify FILE --key PUBLIC_KEY</code> and nothing else.
        </p>
      </div>
    </details>
  );
}
