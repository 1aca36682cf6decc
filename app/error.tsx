"use client";

import { BrokenPage } from "#components/broken-page.tsx";
import { Logo } from "#components/logo.tsx";

/** For what fails before the shell of the portal stands, as everything does while the database is away. */
export default function RootError(props: Parameters<typeof BrokenPage>[0]) {
  return (
    <main className="mx-auto grid max-w-[46rem] gap-8 px-5 py-12">
      <Logo />
      <BrokenPage {...props} />
    </main>
  );
}
