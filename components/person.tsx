/** Who somebody is: initials for the eye, then the name and the address that tells namesakes apart. */
export function Person({ name, email }: { name: string; email: string }) {
  return (
    <div className="flex min-w-0 items-center gap-2.5 text-sm">
      <span
        aria-hidden
        className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent"
      >
        {initials(name)}
      </span>
      <span className="grid min-w-0 leading-tight">
        <span className="truncate font-medium">{name}</span>
        <span className="truncate text-muted">{email}</span>
      </span>
    </div>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => (word ?? "").slice(0, 1)).join("");
}
