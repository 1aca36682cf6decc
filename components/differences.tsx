import type { Shown } from "#lib/domain/change-difference.ts";
import { Time } from "./time.tsx";

type Item = { readonly what: string; readonly before: Shown; readonly after: Shown };

type Props = { items: readonly Item[]; empty?: string; dense?: boolean };

/** What is different, one line each: before, then after. `dense` is for many of them in a list. */
export function Differences({ items, empty = "Nothing is different.", dense = false }: Props) {
  if (items.length === 0) return <p className="text-muted">{empty}</p>;
  if (dense)
    return (
      <ul className="grid gap-0.5 text-sm">
        {items.map(({ what, before, after }) => (
          <li key={what} className="break-words">
            {what}: <Sides before={before} after={after} />
          </li>
        ))}
      </ul>
    );
  return (
    <ul className="rows">
      {items.map(({ what, before, after }) => (
        <li
          key={what}
          className="grid gap-x-6 gap-y-0.5 py-2.5 first:pt-0 last:pb-0 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.3fr)]"
        >
          <span className="min-w-0 font-medium break-words">{what}</span>
          <span className="min-w-0 break-words">
            <Sides before={before} after={after} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function Sides({ before, after }: Pick<Item, "before" | "after">) {
  if (before === null)
    return (
      <>
        <span className="text-good">added: </span>
        <ins className="font-medium no-underline">
          <Side shown={after} />
        </ins>
      </>
    );
  return (
    <>
      <del className="text-muted">
        <Side shown={before} />
      </del>
      {after === null ? (
        <span className="text-bad"> removed</span>
      ) : (
        <>
          <span className="px-2 text-muted">to</span>
          <ins className="font-medium no-underline">
            <Side shown={after} />
          </ins>
        </>
      )}
    </>
  );
}

function Side({ shown }: { shown: Shown }) {
  if (shown instanceof Date) return <Time at={shown} style="second" />;
  return shown === "" ? "empty" : shown;
}
