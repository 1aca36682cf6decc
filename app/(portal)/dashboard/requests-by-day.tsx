import { rectY, ruleY } from "@observablehq/plot";
import { atMostWords } from "#lib/domain/lateness.ts";
import type { TimeRange } from "#lib/domain/time-range.ts";
import type { Flow, RequestFlow } from "#lib/queries/dashboard/request-flow.ts";
import { barWords, countTicks, dayAxis, heightAxis } from "./axes.ts";
import { Chart } from "./chart.tsx";
import { Figures } from "./figures.tsx";
import { Legend, LOOKS, type Look } from "./looks.tsx";
import { countWords } from "./words.ts";

const OUTCOMES = [
  ["full", "Approved", "approved"],
  ["hatched", "Waiting", "waiting"],
  ["grey", "Denied", "denied"],
  ["outline", "Undecided", "undecided"],
] as const satisfies readonly (readonly [Look, string, keyof Flow])[];

const HEIGHT = 200;

/** How many requests each day, by what became of them. */
export function RequestsByDay({ flow, range }: { flow: RequestFlow; range: TimeRange }) {
  if (flow.all.asked === 0) return <p className="text-muted">Nobody asked for anything in this time.</p>;
  const per = range.daysPerBar === 1 ? "day" : "week";
  const busiest = flow.bars.reduce((most, { asked }) => Math.max(most, asked), 0);
  return (
    <>
      <Legend items={OUTCOMES.map(([look, words]) => [look, words])} />
      <Chart
        label={`Requests each ${per}, by what became of them: ${countWords(flow.all.asked, "request")} in all, at most ${busiest} in a ${per}.`}
        draw={(width) => ({
          height: HEIGHT,
          marginLeft: 30,
          marginRight: 12,
          marginTop: 8,
          marginBottom: 26,
          x: { type: "linear", domain: [0, flow.bars.length], label: null },
          y: { domain: [0, countTicks(busiest).at(-1) ?? 1], label: null },
          marks: [
            heightAxis(countTicks(busiest), String),
            OUTCOMES.map(([look, words], n) => {
              const inset = look === "full" || look === "grey" ? 0 : 0.5;
              return rectY(piecesOf(flow, n), {
                x1: ({ bar }: Piece) => bar + GAP,
                x2: ({ bar }: Piece) => bar + 1 - GAP,
                y1: "from",
                y2: "to",
                inset,
                ...LOOKS[look],
                title: ({ bar }: Piece) => titleOf(flow, range, bar, words, n),
              });
            }),
            ruleY([0], { stroke: "var(--line-strong)" }),
            dayAxis(range, width),
          ],
        })}
      >
        <Figures
          caption={`Requests by ${per}`}
          head={[per === "day" ? "Day" : "Week", "Asked", ...OUTCOMES.map(([, words]) => words)]}
          rows={flow.bars
            .map((bar, n) => [barWords(range, n), bar.asked, ...OUTCOMES.map(([, , key]) => bar[key])])
            .reverse()}
        />
      </Chart>
    </>
  );
}

/** Of the width of a bar, on each of its sides. */
const GAP = 0.12;

type Piece = { readonly bar: number; readonly from: number; readonly to: number };

/** What one outcome adds to each bar, on top of those before it. */
function piecesOf({ bars }: RequestFlow, outcome: number): Piece[] {
  const upTo = (flow: Flow, n: number) => OUTCOMES.slice(0, n).reduce((sum, [, , key]) => sum + flow[key], 0);
  return bars
    .map((flow, bar) => ({ bar, from: upTo(flow, outcome), to: upTo(flow, outcome + 1) }))
    .filter(({ from, to }) => to > from);
}

function titleOf(flow: RequestFlow, range: TimeRange, bar: number, words: string, outcome: number): string {
  const [, , key] = OUTCOMES[outcome] ?? OUTCOMES[0];
  const { asked, medianSeconds, ...counts } = flow.bars[bar] ?? flow.all;
  const median = medianSeconds === null ? "" : `, half approved within ${atMostWords(medianSeconds)}`;
  return `${barWords(range, bar)}: ${countWords(asked, "request")}, ${counts[key]} ${words.toLowerCase()}${median}`;
}
