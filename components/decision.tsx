"use client";

import { useState, type ComponentProps, type ReactNode } from "react";
import { judgeMinutes, typedNumber } from "#lib/domain/duration.ts";
import { Plan } from "./plan.tsx";
import { ActionForm, SubmitButton } from "./ui/action-form.tsx";
import { Field, TextArea } from "./ui/field.tsx";

type Props = {
  action: Parameters<typeof ActionForm>[0]["action"];
  request: { readonly id: string; readonly minutes: number; readonly requesterName: string; readonly roleName: string };
  plan: Omit<ComponentProps<typeof Plan>, "minutes">;
  /** What else is to be known, between the plan and the decision. */
  children?: ReactNode;
};

/** What will happen, as long as is typed, and the decision: approve for at most what was asked, or deny; with a note. */
export function Decision({ action, request, plan, children }: Props) {
  const { id, minutes: asked, requesterName, roleName } = request;
  const [minutes, setMinutes] = useState(asked);
  // Where several forms share a page, screen readers need to hear which is which.
  const about = <span className="sr-only"> {`${requesterName}’s request for ${roleName}`}</span>;
  return (
    <>
      <Plan {...plan} minutes={judgeMinutes(minutes, asked).allowed ? minutes : null} />
      {children}
      <ActionForm action={action} fields={["minutes", "note"]} className="grid gap-5 border-t border-line pt-5">
        <input type="hidden" name="requestId" value={id} />
        <div className="grid gap-4 sm:grid-cols-[9rem_1fr]">
          <Field
            name="minutes"
            label="Minutes"
            inputMode="numeric"
            autoComplete="off"
            defaultValue={String(asked)}
            hint={`At most ${asked}`}
            onChange={(event) => setMinutes(typedNumber(event.target.value))}
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
    </>
  );
}
