import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDb } from "../../lib/db/client.ts";
import { daypassUp } from "../../scripts/daypass-up.ts";
import { freePort } from "../daypass.ts";
import { live } from "./live.ts";
import { Troubles } from "./troubles.ts";
import { endEverything, whatIsLeft } from "./what-is-left.ts";
import { prepare } from "./world.ts";

export type Soaked = {
  readonly grants: number;
  readonly open: number;
  /** In words: access that should be gone, and standing access that should be there. */
  readonly leftBehind: readonly string[];
  readonly lost: readonly string[];
  /** From the moment at which access was to end until it was proved gone, in milliseconds of the machine's clock. */
  readonly lateness: readonly number[];
  readonly troubles: Troubles["counts"];
};

/**
 * Real processes with two workers, one of which is killed every few seconds, a database that is killed once, and providers
 * that misbehave, while grants start and end until `isEnough`. Then the troubles stop, everything has to end, and what is
 * left at the providers is compared with what was there before.
 */
export async function soak({
  seed,
  isEnough,
  log,
}: {
  seed: number;
  isEnough: (grants: number, elapsedMs: number) => boolean;
  log: (line: string) => void;
}): Promise<Soaked> {
  const folder = await mkdtemp(join(tmpdir(), "daypass-soak-"));
  await chmod(folder, 0o711);
  const ports = { PORT: String(await freePort()), SANDBOX_PORT: String(await freePort()) };
  const source = { ...ports, SANDBOX_MAIL_PORT: String(await freePort()), DAYPASS_DATA: folder, LOG_LEVEL: "silent" };
  const running = await daypassUp(source, { log });
  const db = openDb(running.databaseUrl, { max: 4 });
  try {
    const world = await prepare(running, db, seed);
    const troubles = await Troubles.begin(running, world.random);
    await live(world, troubles, isEnough, log);
    await troubles.end();
    await endEverything(world);
    return { ...(await whatIsLeft(world)), troubles: troubles.counts };
  } finally {
    await db.$disconnect();
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
