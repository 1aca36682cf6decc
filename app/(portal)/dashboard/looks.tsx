/** Fills that differ by shape too, for those to whom colours do not: full, hatched, and an outline. */
export const LOOKS = {
  full: { fill: "var(--accent)", stroke: "none" },
  hatched: { fill: "url(#hatch)", stroke: "var(--accent)" },
  grey: { fill: "var(--line-strong)", stroke: "none" },
  outline: { fill: "none", stroke: "var(--line-strong)" },
  late: { fill: "url(#hatch-late)", stroke: "var(--bad)" },
} as const;

export type Look = keyof typeof LOOKS;

/** Once on a page whose charts are hatched. */
export function Hatches() {
  return (
    <svg aria-hidden className="absolute size-0">
      <defs>
        <Hatch id="hatch" colour="var(--accent)" />
        <Hatch id="hatch-late" colour="var(--bad)" />
      </defs>
    </svg>
  );
}

function Hatch({ id, colour }: { id: string; colour: string }) {
  return (
    <pattern id={id} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="2" height="5" fill={colour} />
    </pattern>
  );
}

export function Legend({ items }: { items: readonly (readonly [look: Look, words: string])[] }) {
  return (
    <ul className="mb-3 flex flex-wrap gap-x-4 gap-y-1 text-sm text-muted">
      {items.map(([look, words]) => (
        <li key={words} className="flex items-center gap-1.5">
          <Swatch look={look} />
          {words}
        </li>
      ))}
    </ul>
  );
}

export function Swatch({ look }: { look: Look }) {
  return (
    <svg aria-hidden viewBox="0 0 12 12" className="size-3 shrink-0">
      <rect x="0.75" y="0.75" width="10.5" height="10.5" rx="2" strokeWidth="1.5" {...LOOKS[look]} />
    </svg>
  );
}
