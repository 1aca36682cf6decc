import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import Link from "next/link";

type HeaderProps = { title: string; lead?: ReactNode; actions?: ReactNode; back?: { href: string; label: string } };

/** The head of every page: where one is, in one line, and the main thing to do. */
export function PageHeader({ title, lead, actions, back }: HeaderProps) {
  return (
    <header className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        {back ? (
          <Link
            href={back.href}
            prefetch={false}
            className="mb-1 inline-flex items-center gap-1 text-sm text-muted hover:text-ink"
          >
            <ArrowLeft aria-hidden className="size-4" />
            {back.label}
          </Link>
        ) : null}
        <h1 className="break-words">{title}</h1>
        {lead ? <div className="mt-1.5 max-w-prose text-muted">{lead}</div> : null}
      </div>
      {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
    </header>
  );
}

export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="mt-9 first:mt-0">
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-2">
        <h2>{title}</h2>
        {aside ? <div className="text-sm text-muted">{aside}</div> : null}
      </div>
      {children}
    </section>
  );
}

export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="grid justify-items-start gap-4 rounded-[14px] border border-dashed border-line-strong px-5 py-7">
      <p className="max-w-prose text-muted">{children}</p>
      {action}
    </div>
  );
}

/** Label and value, one under the other on a phone. */
export function Facts({ items }: { items: readonly (readonly [label: string, value: ReactNode])[] }) {
  return (
    <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[max-content_1fr]">
      {items.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-muted max-sm:mt-1 max-sm:text-sm">{label}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
