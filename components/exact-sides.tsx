import type { Json } from "#lib/domain/change.ts";

type Props = { label: string; sides: readonly (readonly [title: string, value: Json])[] };

/** What is compared, as JSON side by side, for who wants it exactly. */
export function ExactSides({ label, sides }: Props) {
  return (
    <details>
      <summary className="text-sm text-muted">{label}</summary>
      <div className="mt-3 grid gap-4 md:grid-cols-2">
        {sides.map(([title, value]) => (
          <figure key={title} className="overflow-hidden rounded-xl border border-line">
            <figcaption className="border-b border-line px-4 py-2 text-sm text-muted">{title}</figcaption>
            <pre
              tabIndex={0}
              role="region"
              aria-label={`${title}, exactly`}
              className="overflow-x-auto px-4 py-3 font-mono text-sm"
            >
              {value === null ? "nothing" : JSON.stringify(value, null, 2)}
            </pre>
          </figure>
        ))}
      </div>
    </details>
  );
}
