"use client";

import { useSent } from "#components/ui/action-form.tsx";

/** The length is a group of buttons, so its refusal stands below them all. */
export function MinutesError() {
  const sent = useSent();
  if (sent.kind !== "refused" || sent.field !== "minutes") return null;
  return (
    <p role="alert" className="text-sm font-medium text-bad">
      {sent.words}
    </p>
  );
}
