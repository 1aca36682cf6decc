import { barX } from "@observablehq/plot";
import { Time } from "#components/time.tsx";
import type { AccessShare } from "#lib/queries/dashboard/access-share.ts";
import { Chart } from "./chart.tsx";
import { Figures } from "./figures.tsx";
import { LOOKS, Swatch, type Look } from "./looks.tsx";
import { countWords, shareWords } from "./words.ts";

const PARTS = [
  ["full", "Temporary", "through a grant, and gone with it", "temporary"],
  ["hatched", "Standing, raised for now", "falls back to what was there before", "raised"],
  ["outline", "Standing, kept", "behind no grant, an exception until a day", "kept"],
  ["grey", "Standing, unexplained", "behind no grant, and nobody decided", "unexplained"],
] as const satisfies readonly (readonly [Look, string, string, keyof AccessShare])[];

/** How much of the access at listed places ends by itself. */
export function AccessSplit({ share }: { share: AccessShare }) {
  if (share.places === 0 || !share.lookedAt)
    return <p className="text-muted">The worker has not listed any place of these roles yet.</p>;
  const total = PARTS.reduce((sum, [, , , key]) => sum + share[key], 0);
  return (
    <>
      {total === 0 ? (
        <p className="text-muted">Nobody has access at these places.</p>
      ) : (
        <Split share={share} total={total} />
      )}
      <p className="mt-3 text-sm text-muted">
        Counted is who has access at the {countWords(share.places, "place")} that Daypass lists as a whole (groups under
        a “roles” group in GitLab, groups and roles in AWS IAM), each looked at since{" "}
        <Time at={share.lookedAt} style="second" />. Elsewhere it knows only of its own grants.
      </p>
    </>
  );
}

function Split({ share, total }: { share: AccessShare; total: number }) {
  const pieces = PARTS.map(([look, name, , key], n) => {
    const from = PARTS.slice(0, n).reduce((sum, [, , , before]) => sum + share[before], 0);
    return { look, name, from, to: from + share[key] };
  }).filter(({ from, to }) => to > from);
  return (
    <Chart
      label={`Share of access that is temporary: ${shareWords(share.temporary, total)} of ${total}.`}
      draw={() => ({
        height: 28,
        margin: 0,
        x: { type: "linear", domain: [0, total], axis: null },
        y: { axis: null },
        marks: pieces.map((piece) =>
          barX([piece], {
            x1: "from",
            x2: "to",
            inset: 1,
            r: 3,
            ...LOOKS[piece.look],
            title: `${piece.name}: ${piece.to - piece.from}`,
          }),
        ),
      })}
    >
      <ul className="mt-3 grid gap-1.5">
        {PARTS.map(([look, name, what, key]) => (
          <li key={key} className="grid grid-cols-[auto_1fr_auto] items-baseline gap-x-2.5">
            <span className="translate-y-px">
              <Swatch look={look} />
            </span>
            <span>
              {name} <span className="text-sm text-muted">{what}</span>
            </span>
            <span className="tabular font-medium">{share[key].toLocaleString("en")}</span>
          </li>
        ))}
      </ul>
      <Figures
        caption="Access by whether it ends by itself"
        head={["Access", "Who has it", "Share"]}
        rows={PARTS.map(([, name, , key]) => [name, share[key].toLocaleString("en"), shareWords(share[key], total)])}
      />
    </Chart>
  );
}
