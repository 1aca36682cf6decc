"use client";

import { Button } from "#components/ui/button.tsx";

/** Something of ours failed while this page was made. Nothing was changed by looking. */
export default function PortalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <div className="grid max-w-prose justify-items-start gap-4">
      <h1>This page could not be made</h1>
      <p className="text-muted">
        Something went wrong on our side; most often the database is restarting. Nothing was changed. Access that is due
        to end still ends: the worker does not need this page.
        {error.digest ? ` Reference ${error.digest}.` : ""}
      </p>
      <Button tone="primary" onClick={reset}>
        Try again
      </Button>
    </div>
  );
}
