import { dot, lineY, ruleY } from "@observablehq/plot";
import { atMostWords, secondsWords } from "#lib/domain/lateness.ts";
import type { TimeRange } from "#lib/domain/time-range.ts";
import type { RequestFlow } from "#lib/queries/dashboard/request-flow.ts";
import { barWords, dayAxis, heightAxis, secondsTicks } from "./axes.ts";
import { Chart } from "./chart.tsx";
import { Figures } from "./figures.tsx";
import { Legend } from "./looks.tsx";

const HEIGHT = 200;

/** How long people waited for a yes: the median of each day. */
export function TimeToApprove({ flow, range }: { flow: RequestFlow; range: TimeRange }) {
  const { medianSeconds } = flow.all;
  if (medianSeconds === null) return <p className="text-muted">Nothing was approved in this time.</p>;
  const points = flow.bars.map((bar, n) => ({ n, x: n + 0.5, y: bar.medianSeconds ?? Number.NaN }));
  const known = points.filter(({ y }) => !Number.isNaN(y));
  const ticks = secondsTicks(Math.max(...known.map(({ y }) => y)));
  const isDense = points.length > 31;
  const per = range.daysPerBar === 1 ? "day" : "week";
  return (
    <>
      <Legend items={[["full", `Half of all that was approved: within ${atMostWords(medianSeconds)}`]]} />
      <Chart
        label={`Median time to approve each ${per}: over the whole time, half of what was approved was approved within ${atMostWords(medianSeconds)}.`}
        draw={(width) => ({
          height: HEIGHT,
          marginLeft: 48,
          marginRight: 12,
          marginTop: 8,
          marginBottom: 26,
          x: { type: "linear", domain: [0, points.length], label: null },
          y: { domain: [0, ticks.at(-1) ?? 1], label: null },
          marks: [
            heightAxis(ticks, secondsWords),
            ruleY([0], { stroke: "var(--line-strong)" }),
            lineY(points, { x: "x", y: "y", stroke: "var(--accent)", strokeWidth: 2 }),
            dot(known, {
              x: "x",
              y: "y",
              r: isDense ? 1.5 : 3.5,
              fill: "var(--accent)",
              stroke: isDense ? "none" : "var(--surface)",
              title: ({ n, y }: (typeof points)[number]) => `${barWords(range, n)}: half within ${atMostWords(y)}`,
            }),
            dayAxis(range, width),
          ],
        })}
      >
        <Figures
          caption={`Median time to approve by ${per}`}
          head={[per === "day" ? "Day" : "Week", "Approved", "Half within"]}
          rows={flow.bars
            .map((bar, n) => [
              barWords(range, n),
              bar.approved,
              bar.medianSeconds === null ? "–" : atMostWords(bar.medianSeconds),
            ])
            .reverse()}
        />
      </Chart>
    </>
  );
}
