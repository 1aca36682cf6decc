import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Logo } from "#components/logo.tsx";
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
  return (
    <main className="grid min-h-dvh place-items-center px-5 py-10">
      <div className="grid w-full max-w-md gap-7">
        <Logo />
        <div className="grid gap-3">
          <h1 className="text-[2rem]">Temporary admin, proved gone.</h1>
          <p className="text-muted">
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
        <SignInButton provider={PROVIDER_ID} name={webEnv().OIDC_NAME} callbackUrl={target} />
      </div>
    </main>
  );
}

/** Only paths of this site: a link must not send people elsewhere after they signed in. */
function localPath(value: string | string[] | undefined): string {
  if (typeof value !== "string") return "/";
  const parsed = URL.parse(value, webEnv().PUBLIC_URL);
  return parsed && parsed.origin === new URL(webEnv().PUBLIC_URL).origin ? parsed.pathname + parsed.search : "/";
}
