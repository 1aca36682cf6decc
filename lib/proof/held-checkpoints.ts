import type { KeyObject } from "node:crypto";
import { z } from "zod";
import { isSigned } from "./checkpoint.ts";
import type { Line } from "./read-lines.ts";
import type { Held } from "./walk.ts";

const signed = z.object({
  seq: z.int().min(1),
  hash: z.string(),
  previous: z.int().nullable(),
  at: z.string(),
  key: z.string(),
  signature: z.string(),
});
/** As a SIEM got it. */
const event = z.object({ entity: z.object({ type: z.literal("checkpoint"), data: signed }) });

/**
 * Checkpoints that somebody kept: one a line, as `/api/v1/history/checkpoints` lists them or as OCSF events; other events
 * are passed over. @throws an Error for a line that is neither, for a signature that is not right, and for two that differ
 */
export async function readHeld(
  lines: AsyncIterable<Line> | Iterable<Line>,
  keys: ReadonlyMap<string, KeyObject>,
): Promise<Held> {
  const held = new Map<number, string>();
  for await (const { text, number } of lines) {
    const checkpoint = checkpointIn(text, number);
    if (!checkpoint) continue;
    const key = keys.get(checkpoint.key);
    if (!key || !isSigned(checkpoint, key))
      throw new Error(`the kept checkpoint in line ${number} is not signed with a key that was given`);
    const known = held.get(checkpoint.seq);
    if (known !== undefined && known !== checkpoint.hash)
      throw new Error(`two kept checkpoints sign different histories up to entry ${checkpoint.seq}`);
    held.set(checkpoint.seq, checkpoint.hash);
  }
  return held;
}

function checkpointIn(text: string, number: number): z.infer<typeof signed> | null {
  const value = parsed(text);
  const bare = signed.safeParse(value);
  if (bare.success) return bare.data;
  const sent = event.safeParse(value);
  if (sent.success) return sent.data.entity.data;
  if (z.object({ class_uid: z.int() }).safeParse(value).success) return null;
  throw new Error(`line ${number} of the kept checkpoints is neither a checkpoint nor an event`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
