import { LATENESS_BOUNDS, LATE_AFTER_SECONDS, latenessWords, secondsWords } from "#lib/domain/lateness.ts";
import type { Lateness } from "#lib/queries/lateness.ts";
import { lyingBars } from "./bars.tsx";
import { Chart } from "./chart.tsx";
import { Figures } from "./figures.tsx";
import { Legend } from "./looks.tsx";
import { countWords, shareWords } from "./words.ts";

/** How long after its end access was proved gone. */
export function Removals({ lateness: { counts, late, removals } }: { lateness: Lateness }) {
  if (removals === 0) return <p className="text-muted">No access ended in this time.</p>;
  const words = latenessWords();
  const bars = counts.map((value, i) => ({
    name: words[i] ?? "",
    value,
    words: value.toLocaleString("en"),
    look: (LATENESS_BOUNDS[i - 1] ?? 0) >= LATE_AFTER_SECONDS ? ("late" as const) : ("full" as const),
  }));
  return (
    <>
      <Legend
        items={[
          ["full", "In time"],
          ["late", `Late: after more than ${secondsWords(LATE_AFTER_SECONDS)}`],
        ]}
      />
      <Chart
        label={`Removals by how long after its end access was proved gone: ${countWords(removals, "removal")}, ${late} of them late.`}
        draw={lyingBars(bars)}
      >
        <Figures
          caption="Removals by how long after its end access was proved gone"
          head={["After the end", "Removals", "Share"]}
          rows={counts.map((count, i) => [words[i], count.toLocaleString("en"), shareWords(count, removals)])}
        />
      </Chart>
    </>
  );
}
