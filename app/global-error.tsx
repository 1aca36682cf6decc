"use client";

import "./globals.css";
import { BrokenPage } from "#components/broken-page.tsx";
import { Logo } from "#components/logo.tsx";

/** For what fails above every layout, as an answer that broke off in the middle does. It stands in for the whole page. */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="en">
      <body className="min-h-dvh antialiased">
        <title>Daypass</title>
        <main className="mx-auto grid max-w-[46rem] gap-8 px-5 py-12">
          <Logo />
          <BrokenPage error={error} retry={loadAgain} />
        </main>
      </body>
    </html>
  );
}

/** Only when somebody answers: otherwise the browser's own page would take over, which does not try again. */
async function loadAgain(): Promise<void> {
  const answer = await fetch("/api/health/ready").catch(() => null);
  if (answer?.ok) location.reload();
}
