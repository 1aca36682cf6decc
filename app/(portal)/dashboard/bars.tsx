import { barX, text, type PlotOptions } from "@observablehq/plot";
import { LOOKS, type Look } from "./looks.tsx";

export type Bar = { readonly name: string; readonly value: number; readonly words: string; readonly look: Look };

const ROW = 27;
/** Of one letter, generously: only the browser knows exactly. */
const LETTER = 7.2;

/** Bars that lie, each between its name and what it says: names have room that way, and figures stand in one column. */
export function lyingBars(bars: readonly Bar[]): (width: number) => PlotOptions {
  return (width) => {
    const left = Math.min(width * 0.42, 14 + LETTER * Math.max(...bars.map(({ name }) => name.length)));
    const right = 8 + LETTER * Math.max(...bars.map(({ words }) => words.length));
    return {
      height: ROW * bars.length,
      marginLeft: left,
      marginRight: right,
      marginTop: 0,
      marginBottom: 0,
      x: { type: "linear", domain: [0, Math.max(1, ...bars.map(({ value }) => value))], axis: null },
      y: { type: "band", domain: bars.map((_, n) => n), axis: null, paddingInner: 0, paddingOuter: 0 },
      marks: [
        text(bars, {
          y: (_: Bar, n: number) => n,
          text: "name",
          frameAnchor: "left",
          dx: -left,
          textAnchor: "start",
          lineWidth: (left - 8) / 11,
          textOverflow: "ellipsis-end",
          fill: "var(--ink)",
          title: "name",
        }),
        barX(bars, {
          filter: ({ value }: Bar) => value > 0,
          x1: 0,
          x2: "value",
          y: (_: Bar, n: number) => n,
          insetTop: 7,
          insetBottom: 7,
          rx2: 3,
          fill: ({ look }: Bar) => LOOKS[look].fill,
          stroke: ({ look }: Bar) => LOOKS[look].stroke,
          title: ({ name, words }: Bar) => `${name}: ${words}`,
        }),
        text(bars, {
          y: (_: Bar, n: number) => n,
          text: "words",
          frameAnchor: "right",
          dx: right,
          textAnchor: "end",
          fill: "var(--ink)",
          fontWeight: 550,
        }),
      ],
    };
  };
}
