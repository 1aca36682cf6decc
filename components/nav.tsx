"use client";

import { Activity, GitCompare, History, Inbox, KeyRound, Layers, Settings, type LucideIcon } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";

type Item = { href: string; label: string; icon: LucideIcon; count?: number };

/** A side bar on a desktop, a bottom bar on a phone. */
export function Nav({ awaiting, overseer }: { awaiting: number; overseer: boolean }) {
  const path = usePathname();
  const items: Item[] = [
    { href: "/", label: "My access", icon: KeyRound },
    { href: "/roles", label: "Roles", icon: Layers },
    { href: "/approvals", label: "Approvals", icon: Inbox, count: awaiting },
    { href: "/history", label: "History", icon: History },
  ];
  const rest: Item[] = [
    ...(overseer
      ? [
          { href: "/drift", label: "Drift", icon: GitCompare },
          { href: "/worker", label: "Worker", icon: Activity },
        ]
      : []),
    { href: "/settings", label: "Settings", icon: Settings },
  ];
  return (
    <nav
      aria-label="Main"
      className="max-md:fixed max-md:inset-x-0 max-md:bottom-0 max-md:z-10 max-md:border-t max-md:border-line max-md:bg-surface max-md:pb-[env(safe-area-inset-bottom)]"
    >
      <ul className="flex max-md:overflow-x-auto md:grid md:gap-0.5">
        {[...items, ...rest].map((item) => (
          <NavLink
            key={item.href}
            item={item}
            current={item.href === "/" ? path === "/" : path.startsWith(item.href)}
          />
        ))}
      </ul>
    </nav>
  );
}

function NavLink({ item: { href, label, icon: Icon, count }, current }: { item: Item; current: boolean }) {
  return (
    <li className="max-md:min-w-[4.9rem] max-md:flex-1">
      <Link
        href={href}
        prefetch={false}
        aria-current={current ? "page" : undefined}
        className={`flex items-center gap-2.5 rounded-[10px] px-3 py-2 max-md:flex-col max-md:gap-0.5 max-md:rounded-none max-md:px-1 max-md:py-2 max-md:text-xs ${current ? "bg-accent-soft font-semibold text-accent max-md:bg-transparent" : "text-muted hover:bg-raised hover:text-ink"}`}
      >
        <Icon aria-hidden className="size-5 shrink-0" />
        <span className="whitespace-nowrap">{label}</span>
        {count ? (
          <span className="tabular rounded-full bg-accent px-1.5 text-xs leading-5 font-semibold text-accent-ink md:ml-auto">
            {count}
            <span className="sr-only"> waiting</span>
          </span>
        ) : null}
      </Link>
    </li>
  );
}
