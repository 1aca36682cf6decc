import { cookies } from "next/headers";
import Link from "next/link";
import type { ReactNode } from "react";
import { AlarmBanner } from "#components/alarm-banner.tsx";
import { LiveRefresh } from "#components/live-refresh.tsx";
import { Logo } from "#components/logo.tsx";
import { Nav } from "#components/nav.tsx";
import { Person } from "#components/person.tsx";
import { SandboxBanner } from "#components/sandbox-banner.tsx";
import { SignOut } from "#components/sign-out.tsx";
import { ZONE_COOKIE } from "#components/time.tsx";
import { seesAll, type Viewer } from "#lib/domain/viewer.ts";
import { webEnv } from "#lib/env.ts";
import { lateRemovalsFor } from "#lib/queries/late-removals.ts";
import { countAwaiting } from "#lib/queries/requests-awaiting.ts";
import { watchesOverRoles } from "#lib/queries/watches-over-roles.ts";
import { countWideningsAwaiting } from "#lib/queries/widenings.ts";
import { webDb } from "#lib/web/db.ts";
import { viewerOrNull } from "#lib/web/session.ts";

export const dynamic = "force-dynamic";

export default async function PortalLayout({ children }: { children: ReactNode }) {
  const viewer = await viewerOrNull();
  // The page knows its own address, and so sends people back to it after they signed in.
  if (!viewer) return children;
  const db = webDb();
  const [requests, widenings, watches, late] = await Promise.all([
    countAwaiting(viewer, { db }),
    countWideningsAwaiting(viewer, { db }),
    watchesOverRoles(viewer, { db }),
    lateRemovalsFor(viewer, { most: 1 }, { db }),
  ]);
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
      <div className="md:grid md:grid-cols-[14.5rem_minmax(0,1fr)] print:block">
        <header className="no-print flex flex-col border-line md:gap-6 md:overflow-y-auto px-4 max-md:border-b max-md:bg-surface max-md:py-3 md:sticky md:top-0 md:h-dvh md:border-r md:bg-surface md:py-6">
          <Link href="/" prefetch={false} aria-label="Daypass, my access" className="self-start md:px-3">
            <Logo />
          </Link>
          <Nav
            awaiting={requests + widenings}
            watches={watches}
            overseer={seesAll(viewer)}
            person={<Account viewer={viewer} />}
          />
          <div className="px-3 max-md:hidden">
            <Account viewer={viewer} />
          </div>
        </header>
        <div className="min-w-0">
          {sandbox ? <SandboxBanner url={sandbox} /> : null}
          {late ? <AlarmBanner late={late} /> : null}
          <main id="main" tabIndex={-1} className="mx-auto max-w-[66rem] px-4 pt-5 pb-28 outline-none md:px-10 md:py-9">
            {children}
          </main>
        </div>
      </div>
      <LiveRefresh zoneCookie={ZONE_COOKIE} zone={zone} />
    </>
  );
}

function Account({ viewer }: { viewer: Viewer }) {
  return (
    <div className="grid justify-items-start gap-1">
      <Person name={viewer.name} email={viewer.email} />
      <SignOut />
    </div>
  );
}
