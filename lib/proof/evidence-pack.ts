import type { KeyObject } from "node:crypto";
import { canonicalJson, type Json } from "../domain/change.ts";
import { evidenceIn, type Proved } from "../domain/evidence.ts";
import { Broken } from "./finding.ts";
import { verifyExport, type ExportVerdict } from "./verify-export.ts";
import type { Held } from "./walk.ts";

/** An evidence pack is one JSON document: what the history proves of each request, then the export that proves it. */
export const PACK_HEAD = '{"daypass":"evidence","version":1,"requests":[\n';
export const PACK_MIDDLE = '\n],"proof":[\n';
export const PACK_TAIL = "\n]}\n";
export const PACK_BETWEEN = ",\n";

/** Checks the proof, and that it proves exactly what the pack says. The pack is read whole. */
export async function verifyPack(
  text: string,
  keys: ReadonlyMap<string, KeyObject>,
  held: Held = new Map(),
): Promise<ExportVerdict> {
  const pack = parsePack(text);
  if (!pack) return { whole: false, finding: new Broken("unreadable", 1, null).finding };
  const firstLine = pack.requests.length + 3;
  const lines = pack.proof.map((record, i) => ({ text: record, number: firstLine + i }));
  const entries: Proved[] = [];
  const verdict = await verifyExport(lines, keys, (proved) => entries.push(proved), held);
  if (!verdict.whole) return verdict;
  const proved = evidenceIn(entries).map((evidence) => canonicalJson(evidence as unknown as Json));
  const differs = [...proved.keys(), ...pack.requests.keys()].find((i) => proved[i] !== pack.requests[i]);
  return differs === undefined ? verdict : { whole: false, finding: new Broken("unproved", differs + 2, null).finding };
}

/** Null when the text is not exactly as it is written. */
function parsePack(text: string): { requests: string[]; proof: string[] } | null {
  try {
    const pack = JSON.parse(text) as { requests: Json[]; proof: Json[] };
    const requests = pack.requests.map((request) => canonicalJson(request));
    const proof = pack.proof.map((record) => canonicalJson(record));
    const again = `${PACK_HEAD}${requests.join(PACK_BETWEEN)}${PACK_MIDDLE}${proof.join(PACK_BETWEEN)}${PACK_TAIL}`;
    return again === text ? { requests, proof } : null;
  } catch {
    return null;
  }
}
