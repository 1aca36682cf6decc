import type { Outgoing } from "./receiver.ts";

/** "log audit" (RFC 5424, section 6.2.1). */
const FACILITY = 13;
/** Informational, notice, warning, error, critical, for OCSF's 1 to 5. */
const SEVERITIES = [6, 6, 5, 4, 3, 2] as const;

/** One event as an RFC 5424 message in the octet counting of RFC 6587. Pure ASCII, so that no receiver guesses. */
export function syslogFrame({ json, at, severity, name }: Outgoing, hostname: string): string {
  const priority = FACILITY * 8 + (SEVERITIES[severity] ?? SEVERITIES[1]);
  const header = `<${priority}>1 ${at.toISOString()} ${field(hostname, 255)} daypass - ${field(name, 32)} -`;
  const message = `${header} ${ascii(json)}`;
  return `${message.length} ${message}`;
}

/** Nothing but printable ASCII, and never empty. */
function field(text: string, most: number): string {
  return text.replaceAll(/[^\x21-\x7e]/g, "").slice(0, most) || "-";
}

/** The same JSON: what is beyond ASCII can only be inside its strings. */
function ascii(json: string): string {
  return json.replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
