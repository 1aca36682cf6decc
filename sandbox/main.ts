import { startSandbox } from "./server.ts";

const port = Number(process.env["SANDBOX_PORT"] ?? 4000);
const daypassUrl = process.env["PUBLIC_URL"] ?? "http://localhost:3000";

if (!Number.isInteger(port) || port < 0 || port > 65_535) giveUp("SANDBOX_PORT must be a port number.");
if (!URL.canParse(daypassUrl)) giveUp("PUBLIC_URL must be the address of Daypass, such as http://localhost:3000.");

const sandbox = await startSandbox({ port, daypassUrl }).catch((error: NodeJS.ErrnoException) => {
  if (error.code === "EADDRINUSE") giveUp(`Port ${port} is in use. Set SANDBOX_PORT to a free one.`);
  if (error.code === "EACCES") giveUp(`Port ${port} may not be used here. Set SANDBOX_PORT to another one.`);
  throw error;
});
console.log(`sandbox ready on ${sandbox.url}`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void sandbox.close().then(() => process.exit(0)));
}

function giveUp(reason: string): never {
  console.error(reason);
  process.exit(1);
}
