import { Logo } from "#components/logo.tsx";
import { MissingPage } from "#components/missing-page.tsx";

export default function NotFound() {
  return (
    <main className="mx-auto grid max-w-[46rem] gap-8 px-5 py-12">
      <Logo />
      <MissingPage />
    </main>
  );
}
