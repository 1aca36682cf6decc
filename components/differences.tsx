import type { Difference } from "#lib/domain/role-difference.ts";

/** What is different, one line each: before, then after. */
export function Differences({ items }: { items: readonly Difference[] }) {
  if (items.length === 0) return <p className="text-muted">Nothing is different.</p>;
  return (
    <ul className="rows">
      {items.map(({ what, before, after }) => (
        <li
          key={what}
          className="grid gap-x-6 gap-y-0.5 py-2.5 first:pt-0 last:pb-0 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.3fr)]"
        >
          <span className="min-w-0 font-medium break-words">{what}</span>
          <span className="min-w-0 break-words">
            {before === null ? <span className="text-good">added: </span> : <del className="text-muted">{before}</del>}
            {before !== null && after !== null ? <span className="px-2 text-muted">to</span> : null}
            {after === null ? (
              <span className="text-bad"> removed</span>
            ) : (
              <ins className="font-medium no-underline">{after}</ins>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
