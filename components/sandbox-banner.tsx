/** Says on every page that nothing here is real. */
export function SandboxBanner({ url }: { url: string }) {
  return (
    <aside
      aria-label="Sandbox"
      className="no-print border-b border-wait/30 bg-wait-soft px-4 py-1.5 text-center text-sm text-wait"
    >
      This is the sandbox: its GitLab, AWS and people are not real.{" "}
      <a href={url} className="underline underline-offset-2">
        Look at them
      </a>
      {" or "}
      <a href={`${url}/mail`} className="underline underline-offset-2">
        read their mail
      </a>
    </aside>
  );
}
