import { ActionForm, SubmitButton } from "#components/ui/action-form.tsx";
import { Field } from "#components/ui/field.tsx";
import type { DriftRow } from "#lib/queries/drift-found.ts";
import { keepUnknownAccessAction, removeUnknownAccessAction } from "./actions.ts";

/** What may become of access behind no grant: it is kept for a while, with a reason, or taken away. */
export function DecideAccess({ row }: { row: DriftRow }) {
  return (
    <div className="flex flex-wrap items-start gap-x-6 gap-y-2">
      <Keep row={row} />
      <Remove row={row} />
    </div>
  );
}

function Keep({ row }: { row: DriftRow }) {
  return (
    <details className="max-w-full">
      <summary className="text-accent">
        Keep until …<span className="sr-only"> for {row.account}</span>
      </summary>
      <ActionForm
        action={keepUnknownAccessAction}
        fields={["until", "reason"]}
        className="mt-3 grid w-72 max-w-full gap-3"
      >
        <input type="hidden" name="accessId" value={row.id} />
        <Field name="until" label="Last day" type="date" required hint="At most a year ahead, in UTC." />
        <Field name="reason" label="Why it may stay" required maxLength={1_000} hint="The history keeps it." />
        <SubmitButton className="justify-self-start">Keep</SubmitButton>
      </ActionForm>
    </details>
  );
}

function Remove({ row }: { row: DriftRow }) {
  return (
    <details className="max-w-full">
      <summary className="text-bad">
        Remove<span className="sr-only"> the access of {row.account}</span>
      </summary>
      <ActionForm action={removeUnknownAccessAction} fields={["reason"]} className="mt-3 grid w-72 max-w-full gap-3">
        <input type="hidden" name="accessId" value={row.id} />
        <Field
          name="reason"
          label="Why"
          required
          maxLength={1_000}
          hint="It is taken away at once, and called removed when it was seen gone."
        />
        <SubmitButton tone="danger" className="justify-self-start">
          Remove
        </SubmitButton>
      </ActionForm>
    </details>
  );
}
