import { LATENESS_BOUNDS, LATE_AFTER_SECONDS, latenessWords } from "#lib/domain/lateness.ts";

/** How late access was proved gone, as a table whose last column is drawn too. */
export function Lateness({ counts }: { counts: readonly number[] }) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return <p className="text-muted">No access was taken away in the last 24 hours.</p>;
  const most = Math.max(...counts);
  return (
    <table className="sm:w-full">
      <caption className="sr-only">
        Removals of the last 24 hours by how long after it should have ended access was proved gone
      </caption>
      <thead>
        <tr className="text-left text-sm text-muted">
          <th className="w-[1%] pr-4 pb-1 font-normal whitespace-nowrap">After its end</th>
          <th className="w-[1%] pr-4 pb-1 text-right font-normal">Removals</th>
          <th className="w-[1%] pb-1 text-right font-normal">Share</th>
          <td aria-hidden className="pb-1 max-sm:hidden" />
        </tr>
      </thead>
      <tbody>
        {latenessWords().map((words, i) => (
          <tr key={words} className="tabular">
            <th scope="row" className="py-0.5 pr-4 text-left font-normal whitespace-nowrap">
              {words}
            </th>
            <td className="py-0.5 pr-4 text-right font-medium">{(counts[i] ?? 0).toLocaleString("en")}</td>
            <td className="py-0.5 text-right whitespace-nowrap text-muted">{shareWords(counts[i] ?? 0, total)}</td>
            <td aria-hidden className="py-0.5 pl-4 max-sm:hidden">
              <div
                className={`h-3.5 rounded-[3px] ${isLate(i) ? "bg-bad" : "bg-accent"}`}
                style={{ width: `${(100 * (counts[i] ?? 0)) / most}%` }}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function isLate(bar: number): boolean {
  return (LATENESS_BOUNDS[bar - 1] ?? 0) >= LATE_AFTER_SECONDS;
}

/** A few of very many are not none. */
function shareWords(count: number, total: number): string {
  const share = (100 * count) / total;
  if (count > 0 && share < 0.1) return "< 0.1 %";
  return `${share === 100 ? "100" : share.toFixed(1)} %`;
}
