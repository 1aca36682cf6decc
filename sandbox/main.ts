import { startSandbox } from "./server.ts";

const port = Number(process.env["SANDBOX_PORT"] ?? 4000);
const daypassUrl = process.env["PUBLIC_URL"] ?? "http://localhost:3000";

if (!Number.isInteger(port) || port < 0 || port > 65_535) giveUp("SANDBOX_PORT must be a port number.");
if (!URL.canParse(daypassUrl)) giveUp("PUBLIC_URL must be the address of Daypass, such as http://localhost:3000.");

const sandbox = await startSandbox({ port, daypassUrl }).catch((error: unknown) => {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") giveUp(`Port ${port} is in use. Set SANDBOX_PORT to a free one.`);
  if (code === "EACCES") giveUp(`Port ${port} may not be used here. Set SANDBOX_PORT to another one.`);
  throw error;
});
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void sandbox.close().then(() => process.exit(0)));
}

// Said last: whoever waits for this line may stop the process at once, and that must be a clean stop too.
console.log(`sandbox ready on ${sandbox.url}`);

function giveUp(reason: string): never {
  console.error(reason);
  process.exit(1);
}
