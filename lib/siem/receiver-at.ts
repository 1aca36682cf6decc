import { httpsReceiver } from "./https-receiver.ts";
import type { Receiver } from "./receiver.ts";
import { syslogReceiver } from "./syslog-receiver.ts";

const SYSLOG_TLS_PORT = 6_514;

/** @param url https://… or syslog+tls://…, in the sandbox http:// or syslog+tcp:// too; already checked at start-up. */
export function receiverAt(url: string, token: string | null, { hostname }: { hostname: string }): Receiver {
  const address = new URL(url);
  if (!address.protocol.startsWith("syslog+")) return httpsReceiver(address, token);
  const port = address.port ? Number(address.port) : SYSLOG_TLS_PORT;
  const server = {
    address: `${address.protocol}//${address.hostname}:${port}`,
    host: address.hostname.replace(/^\[|\]$/g, ""),
    port,
    isTls: address.protocol === "syslog+tls:",
  };
  return syslogReceiver(server, hostname);
}
