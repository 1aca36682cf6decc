"use client";

import { ActionForm, SubmitButton } from "./ui/action-form.tsx";
import { Field, TextArea } from "./ui/field.tsx";

type Props = {
  action: Parameters<typeof ActionForm>[0]["action"];
  request: { readonly id: string; readonly minutes: number; readonly requesterName: string; readonly roleName: string };
};

/** Approve, for at most the time that was asked, or deny; with a note either way. */
export function DecisionForm({ action, request: { id, minutes, requesterName, roleName } }: Props) {
  // Where several forms share a page, screen readers need to hear which is which.
  const about = <span className="sr-only"> {`${requesterName}’s request for ${roleName}`}</span>;
  return (
    <ActionForm action={action} fields={["minutes", "note"]} className="grid gap-5">
      <input type="hidden" name="requestId" value={id} />
      <div className="grid gap-4 sm:grid-cols-[9rem_1fr]">
        <Field
          name="minutes"
          label="Minutes"
          inputMode="numeric"
          autoComplete="off"
          defaultValue={String(minutes)}
          hint={`At most ${minutes}`}
        />
        <TextArea name="note" label="Note (optional)" rows={2} hint={`${requesterName} sees it.`} />
      </div>
      <div className="flex flex-wrap gap-3">
        <SubmitButton name="verdict" value="approve" className="min-h-12 grow px-8 text-base sm:grow-0">
          Approve
          {about}
        </SubmitButton>
        <SubmitButton name="verdict" value="deny" tone="danger" className="min-h-12 grow px-8 text-base sm:grow-0">
          Deny
          {about}
        </SubmitButton>
      </div>
    </ActionForm>
  );
}
