import { axisX, barX, gridX, ruleX, text, type PlotOptions } from "@observablehq/plot";
import Link from "next/link";
import { Time, viewerZone } from "#components/time.tsx";
import { momentWords } from "#components/time-words.ts";
import { LATE_AFTER_SECONDS } from "#lib/domain/lateness.ts";
import { isLive } from "#lib/domain/grant.ts";
import type { LiveGrant, LiveGrants } from "#lib/queries/dashboard/live-grants.ts";
import { Chart } from "./chart.tsx";
import { Figures } from "./figures.tsx";
import { clockTicks, timelineWindow } from "./timeline-window.ts";
import { Legend, LOOKS, type Look } from "./looks.tsx";
import { countWords } from "./words.ts";

/** Who holds what now and until when, those that end first at the top. */
export async function LiveTimeline({ live, now }: { live: LiveGrants; now: Date }) {
  if (live.count === 0) return <p className="text-muted">Nobody holds temporary access right now.</p>;
  const zone = await viewerZone();
  const more = live.count - live.items.length;
  return (
    <>
      <Legend
        items={[
          ["full", "Time left"],
          ["outline", "Time passed"],
          ["hatched", "Being removed"],
          ["late", "Removal is late"],
        ]}
      />
      <Chart
        whole
        label={`${countWords(live.count, "grant")} now: ${live.items.map((grant) => `${grant.person}, ${grant.roleName}, ${endWords(grant, now, zone)}`).join("; ")}.`}
        draw={(width) => timeline(live.items, { width, now, zone })}
      >
        <Figures
          caption="Who holds what now"
          head={["Who", "Role", "State", "Since", "Until"]}
          words={[1, 2]}
          rows={live.items.map((grant) => [
            <Link key="grant" href={`/grants/${grant.id}`} prefetch={false} className="link">
              {grant.person}
            </Link>,
            grant.roleName,
            stateWords(grant, now),
            <Time key="since" at={grant.since} inRow />,
            <Time key="until" at={grant.until} inRow />,
          ])}
        />
      </Chart>
      {more > 0 ? <p className="mt-2 text-sm text-muted">And {more} that end later.</p> : null}
    </>
  );
}

type Setting = { readonly width: number; readonly now: Date; readonly zone: string };
type Row = LiveGrant & { readonly row: number };

const WIDE = 600;

/** On a phone the names stand over the bars, elsewhere beside them. */
function timeline(items: readonly LiveGrant[], { width, now, zone }: Setting): PlotOptions {
  const rows = items.map((grant, row): Row => ({ ...grant, row }));
  const isWide = width >= WIDE;
  const [left, right] = isWide ? [width * 0.33, 140] : [4, 4];
  const rowHeight = isWide ? 28 : 42;
  const window = timelineWindow(items, now);
  const ticks = clockTicks(window, zone, Math.floor((width - left - right) / 70));
  const name = { y: "row", frameAnchor: "left", dx: -left, textAnchor: "start", fill: "var(--ink)" } as const;
  const end = { y: "row", frameAnchor: "right", dx: right, textAnchor: "end", fill: "var(--muted)" } as const;
  // On a phone lines run under the words.
  const above = isWide ? {} : { dy: -8, stroke: "var(--surface)", strokeWidth: 5 };
  return {
    height: rowHeight * rows.length + 36,
    marginLeft: left,
    marginRight: right,
    marginTop: 18,
    marginBottom: 18,
    x: { type: "linear", domain: [window.from, window.to], clamp: true, axis: null },
    y: { type: "band", domain: rows.map(({ row }) => row), axis: null, padding: 0 },
    marks: [
      gridX(ticks, { stroke: "var(--line)", strokeOpacity: 1 }),
      axisX(ticks, {
        anchor: "top",
        tickSize: 0,
        tickPadding: 6,
        color: "var(--muted)",
        tickFormat: (ms: number) => momentWords(new Date(ms), { timeZone: zone, today: now }),
      }),
      ...SPANS.map(({ look, of }) => spansOf(rows, look, (row) => of(row, now), isWide)),
      ruleX([now.getTime()], { stroke: "var(--ink)", strokeWidth: 1.5 }),
      text(rows, {
        ...name,
        ...above,
        text: ({ person, roleName }: Row) => `${person} · ${roleName}`,
        lineWidth: (isWide ? left - 14 : width - 112) / 11,
        textOverflow: "ellipsis-end",
        title: ({ person, roleName }: Row) => `${person} · ${roleName}`,
      }),
      text(rows, { ...end, ...above, text: (grant: Row) => endWords(grant, now, zone) }),
      text([now.getTime()], { x: (at: number) => at, text: ["now"], frameAnchor: "bottom", dy: 15, fontWeight: 600 }),
    ],
  };
}

type Span = readonly [from: Date, to: Date];

const SPANS: readonly { readonly look: Look; readonly of: (grant: LiveGrant, now: Date) => Span | null }[] = [
  { look: "outline", of: ({ since, until }, now) => [since, until < now ? until : now] },
  { look: "full", of: (grant, now) => (isOver(grant, now) ? null : [now, grant.until]) },
  { look: "hatched", of: (grant, now) => (isOver(grant, now) && !isLate(grant, now) ? [grant.until, now] : null) },
  { look: "late", of: (grant, now) => (isLate(grant, now) ? [grant.until, now] : null) },
];

function spansOf(rows: readonly Row[], look: Look, of: (row: Row) => Span | null, isWide: boolean) {
  const spans = rows.flatMap((row) => {
    const span = of(row);
    return span && span[0] < span[1] ? [{ row: row.row, from: span[0].getTime(), to: span[1].getTime() }] : [];
  });
  return barX(spans, {
    x1: "from",
    x2: "to",
    y: "row",
    insetTop: isWide ? 9 : 24,
    insetBottom: isWide ? 9 : 8,
    rx: 2,
    ...LOOKS[look],
  });
}

function isOver(grant: LiveGrant, now: Date): boolean {
  return !isLive(grant.state) || grant.until <= now;
}

function isLate(grant: LiveGrant, now: Date): boolean {
  return isOver(grant, now) && now.getTime() - grant.until.getTime() > LATE_AFTER_SECONDS * 1_000;
}

function endWords(grant: LiveGrant, now: Date, timeZone: string): string {
  const moment = momentWords(grant.until, { timeZone, today: now });
  if (isOver(grant, now)) return isLate(grant, now) ? `late since ${moment}` : "being removed";
  return grant.state === "ACTIVATING" ? "being set up" : `until ${moment}`;
}

function stateWords(grant: LiveGrant, now: Date): string {
  if (isOver(grant, now)) return isLate(grant, now) ? "Being removed, late" : "Being removed";
  return grant.state === "ACTIVATING" ? "Being set up" : "Active";
}
