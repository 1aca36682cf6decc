"use client";

import { useEffect, useRef, useState, useTransition, type ReactNode } from "react";
import { previewRoleAction } from "./preview-action.tsx";

const SETTLE_MS = 300;

type Props = {
  slug: string;
  version: number;
  /** What it says of a form that nobody has touched. */
  children: ReactNode;
};

/** Says what publishing would do, from what the form holds now, and keeps saying it while the form changes. */
export function EffectPreview({ slug, version, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const touched = useRef(false);
  const [shown, setShown] = useState<ReactNode>(null);
  const [pending, start] = useTransition();

  useEffect(() => {
    const form = box.current?.closest("form");
    if (!form) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asked = touched.current ? "" : textOf(form);
    const look = () => {
      const text = textOf(form);
      if (text === asked) return;
      asked = text;
      touched.current = true;
      start(async () => {
        const answer = await previewRoleAction(slug, new FormData(form));
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
    <div ref={box} aria-live="polite" aria-busy={pending}>
      {shown ?? children}
    </div>
  );
}

/** What the form holds, apart from the reason and what frameworks add. */
function textOf(form: HTMLFormElement): string {
  return JSON.stringify([...new FormData(form)].filter(([name]) => name !== "reason" && !name.startsWith("$")));
}
