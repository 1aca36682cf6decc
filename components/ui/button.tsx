import type { ComponentProps } from "react";

const BASE =
  "inline-flex min-h-10 items-center justify-center gap-2 rounded-[10px] px-4 py-2 font-medium whitespace-nowrap " +
  "transition-colors disabled:opacity-60 aria-disabled:opacity-60";

const TONE = {
  primary: "bg-accent text-accent-ink hover:brightness-110",
  secondary: "border border-line-strong bg-surface text-ink hover:bg-raised",
  danger: "border border-bad bg-surface text-bad hover:bg-bad-soft",
  quiet: "text-accent underline-offset-4 hover:underline px-2",
} as const;

export type Tone = keyof typeof TONE;

export function buttonClass(tone: Tone, extra = ""): string {
  return `${BASE} ${TONE[tone]} ${extra}`;
}

export function Button({ tone = "secondary", className = "", ...rest }: ComponentProps<"button"> & { tone?: Tone }) {
  return <button className={buttonClass(tone, className)} {...rest} />;
}
