"use client";

import { useEffect, useRef, useState, useTransition, type ReactNode } from "react";
import { previewRoleAction } from "./preview-action.tsx";

const SETTLE_MS = 300;

/** Says what publishing would do, from what the form holds now, and keeps saying it while the form changes. */
export function EffectPreview({ slug, version }: { slug: string; version: number }) {
  const box = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<ReactNode>(null);
  const [pending, start] = useTransition();

  useEffect(() => {
    const form = box.current?.closest("form");
    if (!form) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asked = "";
    const look = () => {
      const fields = new FormData(form);
      fields.delete("reason");
      const text = JSON.stringify([...fields]);
      if (text === asked) return;
      asked = text;
      start(async () => {
        const answer = await previewRoleAction(slug, fields);
        // A slower answer to an older form must not replace a newer one.
        if (text === asked) setShown(answer);
      });
    };
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(look, SETTLE_MS);
    };
    look();
    const events = ["input", "change", "click"] as const;
    for (const event of events) form.addEventListener(event, soon);
    return () => {
      clearTimeout(timer);
      for (const event of events) form.removeEventListener(event, soon);
    };
  }, [slug, version]);

  return (
    <div ref={box} aria-live="polite" aria-busy={pending} className={pending ? "opacity-70" : ""}>
      {shown ?? <p className="text-muted">Looking at what this changes…</p>}
    </div>
  );
}
