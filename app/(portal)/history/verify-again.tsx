"use client";

import { ActionForm, SubmitButton, useSent } from "#components/ui/action-form.tsx";
import { verifyHistoryAction } from "./actions.ts";

/** What was verified before is not read again by itself; this reads all of it. */
export function VerifyAgain() {
  return (
    <ActionForm action={verifyHistoryAction} className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <SubmitButton tone="secondary">Verify from the first</SubmitButton>
      <Outcome />
    </ActionForm>
  );
}

function Outcome() {
  const sent = useSent();
  return (
    <p role="status" className="text-sm text-muted empty:-ml-3">
      {sent.kind === "done" ? "Every change was read again." : ""}
    </p>
  );
}
