import { LinkButton } from "#components/ui/button.tsx";

export default function NotFound() {
  return (
    <main className="mx-auto grid max-w-prose justify-items-start gap-4 px-5 py-16">
      <h1>There is nothing here that you may see</h1>
      <p className="text-muted">
        The address may be wrong, or it belongs to somebody else. Daypass says the same for both.
      </p>
      <LinkButton href="/" tone="primary">
        My access
      </LinkButton>
    </main>
  );
}
