"use client";

import { useSent } from "#components/ui/action-form.tsx";
import { Notice } from "#components/ui/notice.tsx";

/** The token that was just made, or why none was. It is shown once. */
export function NewToken() {
  const sent = useSent();
  if (sent.kind === "refused" && sent.field === "scopes")
    return (
      <p role="alert" className="text-sm font-medium text-bad">
        {sent.words}
      </p>
    );
  if (sent.kind !== "done" || typeof sent.result !== "string") return null;
  return (
    <Notice tone="info" live>
      <p className="font-medium">Copy it now. It is not shown again.</p>
      <code data-token className="mt-1 block font-mono text-sm break-all select-all">
        {sent.result}
      </code>
    </Notice>
  );
}
