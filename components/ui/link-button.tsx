import Link from "next/link";
import type { ReactNode } from "react";
import { buttonClass, type Tone } from "./button.tsx";

type LinkButtonProps = { href: string; tone?: Tone; children: ReactNode; className?: string };

/** Apart from the button, because scripts that have a button and no link need not carry the router's link. */
export function LinkButton({ href, tone = "secondary", children, className = "" }: LinkButtonProps) {
  return (
    <Link href={href} prefetch={false} className={buttonClass(tone, className)}>
      {children}
    </Link>
  );
}
