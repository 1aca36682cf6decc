import { setTimeout as pause } from "node:timers/promises";
import type { Db } from "../db/client.ts";
import type { WorkerEnv } from "../env.ts";
import { forwardHistory } from "../siem/forward-history.ts";
import { receiverAt } from "../siem/receiver-at.ts";
import { closeStream, openStream } from "../siem/stream.ts";
import { repeat } from "./repeat.ts";

const EVERY_MS = 2_000;
/** A batch that is broken off is sent again by whoever comes next. */
const STOP_WITHIN_MS = 3_000;

type Failed = (task: string) => (error: unknown) => void;

/** Forwards the history to the SIEM, in a round of its own: a SIEM that hangs holds up neither jobs nor sweeps nor mail. */
export function siemRounds(env: WorkerEnv, db: Db, failed: Failed): readonly { stop(): Promise<void> }[] {
  if (!env.SIEM_URL) return [repeat(EVERY_MS, () => closeStream({ db }), failed("forwarding"))];
  const { hostname } = new URL(env.PUBLIC_URL);
  const receiver = receiverAt(env.SIEM_URL, env.SIEM_TOKEN ?? null, { hostname });
  const stopping = new AbortController();
  const forward = async () => {
    await openStream(receiver.address, { db });
    await forwardHistory(receiver, { db, signal: stopping.signal });
  };
  const forwarding = repeat(EVERY_MS, forward, failed("forwarding"));
  return [
    {
      stop: () => {
        stopping.abort();
        return Promise.race([forwarding.stop(), pause(STOP_WITHIN_MS)]);
      },
    },
  ];
}
