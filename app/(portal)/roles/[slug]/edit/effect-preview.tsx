"use client";

import { useRef, useState, useTransition, type ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { previewRoleAction } from "./preview-action.tsx";

/** Says what publishing would do, from what the form holds now, without publishing. */
export function EffectPreview({ slug }: { slug: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<ReactNode>(null);
  const [pending, start] = useTransition();
  const show = () => {
    const form = box.current?.closest("form");
    if (!form) return;
    const fields = new FormData(form);
    start(async () => setShown(await previewRoleAction(slug, fields)));
  };
  return (
    <div ref={box} className="grid gap-4">
      <div aria-live="polite">{shown}</div>
      <Button type="button" aria-disabled={pending} className="justify-self-start" onClick={show}>
        Show what changes
      </Button>
    </div>
  );
}
