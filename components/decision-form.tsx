"use client";

import { ActionForm, SubmitButton } from "./ui/action-form.tsx";
import { Field, TextArea } from "./ui/field.tsx";

type Props = {
  action: Parameters<typeof ActionForm>[0]["action"];
  requestId: string;
  minutes: number;
  /** Names the request for screen readers where several forms share a page. */
  about: string;
};

/** Approve, for at most the time that was asked, or deny; with a note either way. */
export function DecisionForm({ action, requestId, minutes, about }: Props) {
  return (
    <ActionForm action={action} fields={["minutes", "note"]} className="grid gap-4">
      <input type="hidden" name="requestId" value={requestId} />
      <div className="grid gap-4 sm:grid-cols-[9rem_1fr]">
        <Field
          name="minutes"
          label="Minutes"
          inputMode="numeric"
          defaultValue={String(minutes)}
          hint={`At most ${minutes}`}
        />
        <TextArea name="note" label="Note (optional)" rows={2} maxLength={2_000} />
      </div>
      <div className="flex flex-wrap gap-3">
        <SubmitButton name="verdict" value="approve" className="min-h-12 px-8 text-base">
          Approve<span className="sr-only"> {about}</span>
        </SubmitButton>
        <SubmitButton name="verdict" value="deny" tone="danger" className="min-h-12 px-8 text-base">
          Deny<span className="sr-only"> {about}</span>
        </SubmitButton>
      </div>
    </ActionForm>
  );
}
