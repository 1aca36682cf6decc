import { startSandbox } from "./server.ts";

const port = Number(process.env["SANDBOX_PORT"] ?? 4000);
const mailPort = Number(process.env["SANDBOX_MAIL_PORT"] ?? (port === 0 ? 0 : port + 1));
const syslog = process.env["SANDBOX_SYSLOG_PORT"];
const daypassUrl = process.env["PUBLIC_URL"] ?? "http://localhost:3000";

if (!isPort(port)) giveUp("SANDBOX_PORT must be a port number.");
if (!isPort(mailPort)) giveUp("SANDBOX_MAIL_PORT must be a port number.");
if (syslog !== undefined && !isPort(Number(syslog))) giveUp("SANDBOX_SYSLOG_PORT must be a port number.");
if (!URL.canParse(daypassUrl)) giveUp("PUBLIC_URL must be the address of Daypass, such as http://localhost:3000.");

const ports = { port, mailPort, ...(syslog === undefined ? {} : { syslogPort: Number(syslog) }) };
const sandbox = await startSandbox({ ...ports, daypassUrl }).catch((error: unknown) => {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const at = error instanceof Error && "port" in error ? error.port : undefined;
  const variables = new Map([
    [port, "SANDBOX_PORT"],
    [Number(syslog), "SANDBOX_SYSLOG_PORT"],
    [mailPort, "SANDBOX_MAIL_PORT"],
  ]);
  const variable = variables.get(Number(at)) ?? "SANDBOX_PORT";
  if (code === "EADDRINUSE") giveUp(`Port ${String(at)} is in use. Set ${variable} to a free one.`);
  if (code === "EACCES") giveUp(`Port ${String(at)} may not be used here. Set ${variable} to another one.`);
  throw error;
});
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void sandbox.close().then(() => process.exit(0)));
}

// Said last: whoever waits for this line may stop the process at once, and that must be a clean stop too.
console.log(`sandbox ready on ${sandbox.url}`);

function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 65_535;
}

function giveUp(reason: string): never {
  console.error(reason);
  process.exit(1);
}
