import { LinkButton } from "#components/ui/button.tsx";

export default function PortalNotFound() {
  return (
    <div className="grid max-w-prose justify-items-start gap-4">
      <h1>There is nothing here that you may see</h1>
      <p className="text-muted">
        The address may be wrong, or it belongs to somebody else. Daypass says the same for both.
      </p>
      <LinkButton href="/" tone="primary">
        My access
      </LinkButton>
    </div>
  );
}
