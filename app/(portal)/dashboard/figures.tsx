import type { ReactNode } from "react";

type Props = {
  caption: string;
  head: readonly string[];
  /** The first cell of each row names it. */
  rows: readonly (readonly ReactNode[])[];
  /** Columns of words, by their place; others are numbers. */
  words?: readonly number[];
  open?: boolean;
};

/** What a chart shows, as a table: nothing is told by a picture alone. */
export function Figures({ caption, head, rows, words = [], open = false }: Props) {
  return (
    <details open={open} className="mt-3 text-sm">
      <summary className="w-fit text-muted hover:text-ink">As a table</summary>
      <div role="region" aria-label={caption} tabIndex={0} className="mt-2 max-h-80 overflow-auto">
        <table className="w-full">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr className="text-muted">
              {head.map((name, i) => (
                <th
                  key={name}
                  scope="col"
                  className={`pb-1 font-normal whitespace-nowrap ${i === 0 ? "text-left" : words.includes(i) ? WORDS : NUMBER}`}
                >
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, ...cells], i) => (
              <tr key={i} className="border-t border-line">
                <th scope="row" className="min-w-36 py-1 text-left font-normal">
                  {name}
                </th>
                {cells.map((cell, column) => (
                  <td key={column} className={`py-1 ${words.includes(column + 1) ? WORDS : NUMBER}`}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

const NUMBER = "tabular pl-4 text-right whitespace-nowrap";
const WORDS = "pl-4 text-left";
