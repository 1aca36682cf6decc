"use client";

import {
  Activity,
  ChartColumn,
  Ellipsis,
  GitCompare,
  History,
  Inbox,
  KeyRound,
  Layers,
  Settings,
  type LucideIcon,
} from "lucide-react";
import Link, { useLinkStatus } from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";

type Item = { href: string; label: string; icon: LucideIcon; count?: number };

type Props = {
  /** Requests that wait for the viewer. */
  awaiting: number;
  /** Owners of a role, admins and auditors. */
  watches: boolean;
  /** Admins and auditors. */
  overseer: boolean;
  person: ReactNode;
};

const MORE = "more-pages";

/** A side bar on a desktop; on a phone a bottom bar, with what does not fit there behind "More". */
export function Nav({ awaiting, watches, overseer, person }: Props) {
  const path = usePathname();
  const main: Item[] = [
    { href: "/", label: "My access", icon: KeyRound },
    { href: "/roles", label: "Roles", icon: Layers },
    { href: "/approvals", label: "Approvals", icon: Inbox, count: awaiting },
    { href: "/history", label: "History", icon: History },
  ];
  const rest: Item[] = [
    ...(watches
      ? [
          { href: "/dashboard", label: "Overview", icon: ChartColumn },
          { href: "/drift", label: "Drift", icon: GitCompare },
        ]
      : []),
    ...(overseer ? [{ href: "/worker", label: "Worker", icon: Activity }] : []),
    { href: "/settings", label: "Settings", icon: Settings },
  ];
  const isCurrent = ({ href }: Item) => (href === "/" ? path === "/" : path.startsWith(href));
  return (
    <nav aria-label="Main" className="md:flex md:grow md:flex-col">
      <ul className="grid gap-0.5 max-md:hidden">
        {[...main, ...rest].map((item) => (
          <SideLink key={item.href} item={item} current={isCurrent(item)} />
        ))}
      </ul>
      <ul className="fixed inset-x-0 bottom-0 z-10 grid grid-cols-5 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden">
        {main.map((item) => (
          <BottomLink key={item.href} item={item} current={isCurrent(item)} />
        ))}
        <li>
          <button
            type="button"
            popoverTarget={MORE}
            className={`${BOTTOM} w-full cursor-pointer ${rest.some(isCurrent) ? "font-semibold text-accent" : "text-muted"}`}
          >
            <Ellipsis aria-hidden className="size-5" />
            More
          </button>
        </li>
      </ul>
      <div
        id={MORE}
        popover="auto"
        className="inset-x-2 top-auto bottom-[calc(4.25rem+env(safe-area-inset-bottom))] m-0 hidden w-auto gap-3 rounded-2xl border border-line bg-surface p-3 text-ink shadow-xl open:grid md:open:hidden"
      >
        <ul className="grid gap-0.5" onClick={closeMore}>
          {rest.map((item) => (
            <SideLink key={item.href} item={item} current={isCurrent(item)} />
          ))}
        </ul>
        <div className="border-t border-line px-3 pt-3">{person}</div>
      </div>
    </nav>
  );
}

/** The page changes under an open popover, which does not close by itself then. */
function closeMore() {
  document.getElementById(MORE)?.hidePopover();
}

const BOTTOM = "relative flex flex-col items-center gap-0.5 px-1 py-2 text-xs whitespace-nowrap";

function SideLink({ item: { href, label, icon, count }, current }: { item: Item; current: boolean }) {
  return (
    <li>
      <Link
        href={href}
        prefetch={false}
        aria-current={current ? "page" : undefined}
        className={`flex items-center gap-2.5 rounded-[10px] px-3 py-2 ${current ? "bg-accent-soft font-semibold text-accent" : "text-muted hover:bg-raised hover:text-ink"}`}
      >
        <PendingIcon icon={icon} />
        {label}
        {count ? <Count count={count} className="ml-auto" /> : null}
      </Link>
    </li>
  );
}

function BottomLink({ item: { href, label, icon, count }, current }: { item: Item; current: boolean }) {
  return (
    <li>
      <Link
        href={href}
        prefetch={false}
        aria-current={current ? "page" : undefined}
        className={`${BOTTOM} ${current ? "font-semibold text-accent" : "text-muted"}`}
      >
        <PendingIcon icon={icon} />
        {label}
        {count ? <Count count={count} className="absolute top-1 left-[calc(50%+0.5rem)] ring-2 ring-surface" /> : null}
      </Link>
    </li>
  );
}

/** Moves while the page behind its link is on the way. */
function PendingIcon({ icon: Icon }: { icon: LucideIcon }) {
  const { pending } = useLinkStatus();
  return <Icon aria-hidden className={`size-5 shrink-0 ${pending ? "moving" : ""}`} />;
}

function Count({ count, className }: { count: number; className: string }) {
  return (
    <span
      data-news="approvals"
      data-about="Approvals"
      data-state={count}
      className={`tabular min-w-5 rounded-full bg-accent px-1.5 text-center text-xs leading-5 font-semibold text-accent-ink ${className}`}
    >
      {count}
      <span className="sr-only"> waiting</span>
    </span>
  );
}
