"use client";

import { useEffect, useTransition } from "react";
import { Button } from "./ui/button.tsx";

const AGAIN_AFTER_MS = 5_000;

type Props = { error: Error & { digest?: string }; retry: () => void | Promise<void> };

/** Something of ours failed while a page was made. It looks again by itself, since most often that is enough. */
export function BrokenPage({ error, retry }: Props) {
  const [isRetrying, start] = useTransition();
  useEffect(() => {
    const timer = setInterval(() => start(retry), AGAIN_AFTER_MS);
    return () => clearInterval(timer);
  }, [retry]);
  return (
    <div className="grid max-w-prose justify-items-start gap-4">
      <h1>This page could not be made</h1>
      <p className="text-muted">
        Something went wrong on our side; most often the database is restarting. Nothing was changed. Access that is due
        to end still ends: the worker does not need this page.
      </p>
      <p className="text-muted" role="status">
        Daypass tries again every few seconds, and the page comes back by itself.
        {error.digest ? ` Reference ${error.digest}.` : ""}
      </p>
      <Button tone="primary" aria-disabled={isRetrying} onClick={() => start(retry)}>
        Try again
      </Button>
    </div>
  );
}
