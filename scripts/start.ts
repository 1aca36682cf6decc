import { BadConfiguration } from "../lib/env.ts";
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
let stopWanted = false;
let running: Running | undefined;

async function stop() {
  stopWanted = true;
  if (!running) return;
  log("stopping");
  await running.stop();
  process.exit(0);
}
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop());

try {
  running = await daypassUp(process.env, { log, dev: process.argv.includes("--dev") });
} catch (error) {
  console.error(`daypass: ${error instanceof BadConfiguration ? error.message : String(error)}`);
  process.exit(1);
}
if (stopWanted) await stop();

console.log(`\nDaypass is at ${running.url}`);
if (running.sandboxUrl) {
  console.log(`The sandbox is at ${running.sandboxUrl}. Sign in as one of its people, without a password:\n`);
  for (const [email, what] of SANDBOX_PEOPLE) console.log(`  ${email.padEnd(16)}${what}`);
}
console.log("\nCtrl-C stops everything.");
