"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";

const TABS = [
  ["/settings/tokens", "Tokens"],
  ["/settings/people", "People"],
  ["/settings/connections", "Connections"],
  ["/settings/four-eyes", "Four eyes"],
  ["/settings/retention", "Retention"],
] as const;

export function SettingsTabs() {
  const path = usePathname();
  return (
    <nav aria-label="Settings" className="mb-6 flex flex-wrap gap-x-1 border-b border-line">
      {TABS.map(([href, label]) => (
        <Link
          key={href}
          href={href}
          prefetch={false}
          aria-current={path === href ? "page" : undefined}
          className={`-mb-px border-b-2 px-2 py-2 whitespace-nowrap sm:px-3 ${path === href ? "border-accent font-semibold text-accent" : "border-transparent text-muted hover:text-ink"}`}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
