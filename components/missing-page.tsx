import { LinkButton } from "./ui/link-button.tsx";

/** Not there and not allowed look the same, so that addresses tell nothing. */
export function MissingPage() {
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
