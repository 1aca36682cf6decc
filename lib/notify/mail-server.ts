/** Where mail is handed in. */
export type MailServer = {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. Otherwise STARTTLS must follow, unless the mail stays on this machine. */
  readonly isTls: boolean;
  readonly isLoopback: boolean;
  readonly login: { readonly user: string; readonly pass: string } | null;
};

/** @param url smtp:// or smtps://, already checked at start-up. */
export function mailServerAt(url: string): MailServer {
  const { protocol, hostname, port, username, password } = new URL(url);
  const isTls = protocol === "smtps:";
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port ? Number(port) : isTls ? 465 : 587,
    isTls,
    isLoopback: hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname),
    login: username ? { user: decodeURIComponent(username), pass: decodeURIComponent(password) } : null,
  };
}

/** "smtp.example.com:587": without the credentials. */
export function addressOf({ host, port }: MailServer): string {
  return `${host}:${port}`;
}
