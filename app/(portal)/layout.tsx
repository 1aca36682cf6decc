import { cookies } from "next/headers";
import Link from "next/link";
import type { ReactNode } from "react";
import { LiveRefresh } from "#components/live-refresh.tsx";
import { Logo } from "#components/logo.tsx";
import { Nav } from "#components/nav.tsx";
import { SignOut } from "#components/sign-out.tsx";
import { ZONE_COOKIE } from "#components/time.tsx";
import { seesAll } from "#lib/domain/viewer.ts";
import { webEnv } from "#lib/env.ts";
import { countAwaiting } from "#lib/queries/requests-awaiting.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";

export const dynamic = "force-dynamic";

export default async function PortalLayout({ children }: { children: ReactNode }) {
  const viewer = await requireViewer();
  const awaiting = await countAwaiting(viewer, { db: webDb() });
  const zone = (await cookies()).get(ZONE_COOKIE)?.value ?? "";
  const sandbox = webEnv().SANDBOX_URL;
  return (
    <>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-30 focus:rounded-lg focus:bg-surface focus:px-3 focus:py-2"
      >
        Skip to the page
      </a>
      {sandbox ? <SandboxBanner url={sandbox} /> : null}
      <div className="mx-auto grid max-w-[78rem] md:grid-cols-[13.5rem_minmax(0,1fr)]">
        <header className="flex flex-col gap-6 px-4 md:sticky md:top-0 md:h-dvh md:border-r md:border-line md:py-6">
          <div className="flex items-center justify-between max-md:pt-4">
            <Link href="/" prefetch={false} aria-label="Daypass, my access">
              <Logo />
            </Link>
          </div>
          <Nav awaiting={awaiting} overseer={seesAll(viewer)} />
          <div className="mt-auto max-md:hidden">
            <Person name={viewer.name} email={viewer.email} />
          </div>
        </header>
        <main id="main" className="min-w-0 px-4 pt-4 pb-28 md:px-10 md:py-9">
          {children}
          <div className="mt-12 border-t border-line pt-4 md:hidden">
            <Person name={viewer.name} email={viewer.email} />
          </div>
        </main>
      </div>
      <LiveRefresh zoneCookie={ZONE_COOKIE} zone={zone} />
    </>
  );
}

function Person({ name, email }: { name: string; email: string }) {
  return (
    <div className="grid text-sm">
      <span className="font-medium">{name}</span>
      <span className="truncate text-muted">{email}</span>
      <span>
        <SignOut />
      </span>
    </div>
  );
}

function SandboxBanner({ url }: { url: string }) {
  return (
    <aside
      aria-label="Sandbox"
      className="no-print border-b border-wait/40 bg-wait-soft px-4 py-1.5 text-center text-sm text-wait"
    >
      This is the sandbox: its GitLab, AWS and people are not real.{" "}
      <a href={url} className="underline underline-offset-2">
        Look at them
      </a>
    </aside>
  );
}
