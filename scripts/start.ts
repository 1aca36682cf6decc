import { daypassUp, type Running } from "./daypass-up.ts";

const SANDBOX_PEOPLE: readonly (readonly [email: string, what: string])[] = [
  ["maya@acme.test", "developer, payments"],
  ["omar@acme.test", "owner of acme/payments"],
  ["lena@acme.test", "developer, platform"],
  ["noor@acme.test", "owner of acme/platform"],
  ["ines@acme.test", "admin"],
  ["theo@acme.test", "auditor"],
];

const log = (line: string) => console.log(`daypass: ${line}`);
const stopWanted = new AbortController();
// A terminal and npm may both pass on the same signal, so later ones must not end this process before it has tidied up.
for (const news of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"]) process.on(news, () => stopWanted.abort());

try {
  const running = await daypassUp(process.env, { log, dev: process.argv.includes("--dev"), signal: stopWanted.signal });
  sayWhereToGo(running);
  await untilStopWanted();
  log("stopping");
  await running.stop();
  log("stopped");
} catch (error) {
  if (!stopWanted.signal.aborted) {
    console.error(`daypass: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
process.exit();

function sayWhereToGo({ url, sandboxUrl }: Running): void {
  console.log(`\nDaypass is at ${url}`);
  if (sandboxUrl) {
    console.log(`The sandbox is at ${sandboxUrl}. Sign in as one of its people, without a password:\n`);
    for (const [email, what] of SANDBOX_PEOPLE) console.log(`  ${email.padEnd(16)}${what}`);
  }
  if (sandboxUrl) console.log(`\nTheir mail is at ${sandboxUrl}/mail, and what a SIEM is sent at ${sandboxUrl}/siem`);
  console.log("\nCtrl-C stops everything.");
}

async function untilStopWanted(): Promise<void> {
  if (stopWanted.signal.aborted) return;
  await new Promise((resolve) => stopWanted.signal.addEventListener("abort", resolve));
}
