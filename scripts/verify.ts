import type { KeyObject } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { keyId, openPublicKey } from "../lib/proof/checkpoint.ts";
import { PACK_HEAD, verifyPack } from "../lib/proof/evidence-pack.ts";
import { FAULT_WORDS } from "../lib/proof/finding.ts";
import { readHeld } from "../lib/proof/held-checkpoints.ts";
import { readLines, type Line } from "../lib/proof/read-lines.ts";
import { verifyExport, type ExportVerdict } from "../lib/proof/verify-export.ts";

/**
 * Checks a file that came out of Daypass with nothing but public keys: an export in constant memory, or an evidence pack.
 * @param heldFile checkpoints that were kept elsewhere, as JSON Lines
 * @returns what was found good. @throws an Error that says where and how it is broken
 */
export async function verifyFile(
  file: string,
  keyTexts: readonly string[],
  folder: string,
  heldFile?: string,
): Promise<string> {
  const path = resolve(folder, file);
  const keys = new Map(await Promise.all(keyTexts.map((text) => openKey(text, folder))));
  const held =
    heldFile === undefined ? new Map<number, string>() : await readHeld(linesOf(resolve(folder, heldFile)), keys);
  const verdict = (await isPack(path))
    ? await verifyPack(await readFile(path, "utf8"), keys, held)
    : await verifyExport(linesOf(path), keys, undefined, held);
  return wordsOf(verdict, held.size);
}

function linesOf(path: string): AsyncGenerator<Line> {
  return readLines(createReadStream(path, { highWaterMark: 1 << 20 }));
}

function wordsOf(verdict: ExportVerdict, held: number): string {
  if (!verdict.whole) {
    const { fault, line, entry } = verdict.finding;
    const where = entry === null ? `line ${line}` : `entry ${entry}, line ${line}`;
    throw new Error(`BROKEN at ${where} (${fault}): ${FAULT_WORDS[fault]}`);
  }
  const { head, record, signed, agreeing, redacted } = verdict.found;
  return [
    `whole: ${head.entries.toLocaleString("en")} changes, each linked, signed with key ${signed.key} at ${signed.at}`,
    ...(redacted.count === 0
      ? []
      : [
          `${redacted.count.toLocaleString("en")} of them redacted, the first is entry ${String(redacted.first)}: their personal fields were replaced by commitments that are part of the chain`,
        ]),
    `exported by ${record.actor.name} at ${record.at}, selection ${JSON.stringify(head.selection)}`,
    ...(held > 0 ? [`goes through ${agreeing} of the ${held} checkpoints that were kept elsewhere`] : []),
  ].join("\n");
}

/** A public key as it is published, or a file with it. */
async function openKey(text: string, folder: string): Promise<readonly [string, KeyObject]> {
  const path = resolve(folder, text);
  const written = existsSync(path) ? await readFile(path, "utf8") : text;
  const bytes = Buffer.from(written.trim(), "base64url");
  if (bytes.length !== 32) throw new Error("--key takes a public key as Daypass publishes it, or a file with one");
  return [keyId(bytes), openPublicKey(bytes)];
}

async function isPack(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(PACK_HEAD.length), 0, PACK_HEAD.length, 0);
    return buffer.subarray(0, bytesRead).toString("latin1") === PACK_HEAD;
  } finally {
    await file.close();
  }
}
