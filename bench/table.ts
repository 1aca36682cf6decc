/** One measured distribution, in milliseconds unless `unit` says otherwise. */
export type Measured = { readonly name: string; readonly values: readonly number[]; readonly aim?: string };

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Prints rows under their headings, in columns. */
export function printTable(title: string, headings: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = headings.map((heading, i) => Math.max(heading.length, ...rows.map((row) => (row[i] ?? "").length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd();
  console.log(`\n${title}\n${line(headings)}\n${widths.map((width) => "-".repeat(width)).join("  ")}`);
  for (const row of rows) console.log(line(row));
}

export function latencyRow({ name, values, aim = "" }: Measured): string[] {
  const ms = (share: number) => percentile(values, share).toFixed(0);
  return [name, String(values.length), ms(0.5), ms(0.95), ms(0.99), Math.max(...values).toFixed(0), aim];
}

export const LATENCY_HEADINGS = ["measured", "n", "p50 ms", "p95 ms", "p99 ms", "max ms", "aim"];
