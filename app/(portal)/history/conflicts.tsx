import { Button } from "#components/ui/button.tsx";
import type { ConflictShown, RolePreview } from "#lib/queries/preview-rollback.ts";
import { CHOICE } from "./choices.ts";

/** Fields that a later change touched too. Somebody chooses for each before anything is rolled back. */
export function Conflicts({ roles }: { roles: readonly RolePreview[] }) {
  return (
    <section className="card border-wait/60 p-5">
      <h2 className="mb-1">What was changed again since</h2>
      <p className="mb-4 text-muted">
        A later change touched the same fields. Choose for each; nothing is overwritten unseen.
      </p>
      <form className="grid gap-5">
        {roles.flatMap(({ conflicts }) =>
          conflicts.map((conflict) => <ConflictChoice key={conflict.key} conflict={conflict} />),
        )}
        <Button type="submit" className="justify-self-start">
          Show what follows
        </Button>
      </form>
    </section>
  );
}

function ConflictChoice({ conflict: { key, what, before, after, now, choice } }: { conflict: ConflictShown }) {
  const options = [
    ["keep", `Leave it: ${now}`],
    ["restore", `Set it back: ${before}`],
  ] as const;
  return (
    <fieldset>
      <legend className="font-medium">{what}</legend>
      <p className="mb-2 text-sm text-muted">
        The change made {before} into {after}; now it is {now}.
      </p>
      <div className="grid gap-1.5">
        {options.map(([value, words]) => (
          <label key={value} className="flex items-center gap-2">
            <input
              type="radio"
              name={`${CHOICE}${key}`}
              value={value}
              defaultChecked={choice === value}
              required
              className="size-4.5 accent-accent"
            />
            {words}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
