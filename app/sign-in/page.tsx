import { CircleCheck, Clock, KeyRound, type LucideIcon } from "lucide-react";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Logo } from "#components/logo.tsx";
import { SandboxBanner } from "#components/sandbox-banner.tsx";
import { SignInButton } from "#components/sign-in-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { webEnv } from "#lib/env.ts";
import { PROVIDER_ID } from "#lib/identity/auth-options.ts";
import { viewerOrNull } from "#lib/web/session.ts";

export const metadata: Metadata = { title: "Sign in" };
export const dynamic = "force-dynamic";

type Props = { searchParams: Promise<{ callbackUrl?: string | string[]; error?: string | string[] }> };

export default async function SignInPage({ searchParams }: Props) {
  const { callbackUrl, error } = await searchParams;
  const target = localPath(callbackUrl);
  if ((await viewerOrNull()) && !error) redirect(target);
  const { OIDC_NAME, SANDBOX_URL } = webEnv();
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr]">
      {SANDBOX_URL ? <SandboxBanner url={SANDBOX_URL} /> : <span />}
      <main className="grid w-full max-w-[64rem] content-center items-center gap-12 justify-self-center px-5 py-12 md:grid-cols-2 md:gap-16">
        <div className="grid gap-7">
          <Logo />
          <div className="grid gap-3">
            <h1 className="text-[2.1rem]">Temporary admin, proved gone.</h1>
            <p className="max-w-prose text-muted">
              Ask for a role in GitLab and AWS for as long as you need it. Its owners decide, and Daypass takes it back
              and shows the proof.
            </p>
          </div>
          {error ? (
            <Notice tone="bad" live>
              {error === "Deactivated"
                ? "This account is deactivated, so it cannot sign in here. Ask an admin if that is a mistake."
                : "Signing in did not work. Nothing was changed; try again, and ask an admin if it keeps happening."}
            </Notice>
          ) : null}
          <SignInButton provider={PROVIDER_ID} name={OIDC_NAME} callbackUrl={target} />
        </div>
        <ol className="card rows max-md:hidden">
          <Step icon={Clock} tone="bg-wait-soft text-wait" title="Ask">
            For minutes or hours, with the reason.
          </Step>
          <Step icon={KeyRound} tone="bg-good-soft text-good" title="Have">
            From the moment everything is in place, with the time that is left.
          </Step>
          <Step icon={CircleCheck} tone="bg-accent-soft text-accent" title="Gone">
            Taken back everywhere, and called gone only after it was seen gone.
          </Step>
        </ol>
      </main>
    </div>
  );
}

function Step({
  icon: Icon,
  tone,
  title,
  children,
}: {
  icon: LucideIcon;
  tone: string;
  title: string;
  children: string;
}) {
  return (
    <li className="flex items-start gap-4 p-6">
      <span className={`grid size-10 shrink-0 place-items-center rounded-full ${tone}`}>
        <Icon aria-hidden className="size-5" />
      </span>
      <span className="grid">
        <span className="font-semibold">{title}</span>
        <span className="text-muted">{children}</span>
      </span>
    </li>
  );
}

/** Only paths of this site: a link must not send people elsewhere after they signed in. */
function localPath(value: string | string[] | undefined): string {
  if (typeof value !== "string") return "/";
  const parsed = URL.parse(value, webEnv().PUBLIC_URL);
  return parsed && parsed.origin === new URL(webEnv().PUBLIC_URL).origin ? parsed.pathname + parsed.search : "/";
}
