"use client";

import { ActionForm, SubmitButton } from "./ui/action-form.tsx";
import { TextArea } from "./ui/field.tsx";

type Props = {
  action: Parameters<typeof ActionForm>[0]["action"];
  wideningId: string;
  proposerName: string;
  /** Where several forms share a page, screen readers need to hear which is which. */
  about: string;
};

/** Approve what was proposed, exactly, or deny it; with a note either way. */
export function WideningDecision({ action, wideningId, proposerName, about }: Props) {
  return (
    <ActionForm action={action} fields={["note"]} className="grid gap-5">
      <input type="hidden" name="wideningId" value={wideningId} />
      <TextArea name="note" label="Note (optional)" rows={2} hint={`${proposerName} sees it.`} />
      <div className="flex flex-wrap gap-3">
        <SubmitButton name="verdict" value="approve" className="min-h-12 grow px-8 text-base sm:grow-0">
          Approve<span className="sr-only">: {about}</span>
        </SubmitButton>
        <SubmitButton name="verdict" value="deny" tone="danger" className="min-h-12 grow px-8 text-base sm:grow-0">
          Deny<span className="sr-only">: {about}</span>
        </SubmitButton>
      </div>
    </ActionForm>
  );
}
