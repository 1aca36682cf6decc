import { Broken } from "./finding.ts";

export type Line = { readonly text: string; readonly number: number };

/** Far above any entry, and far below what fills a memory. */
const LONGEST_BYTES = 16 * 1024 * 1024;
const NEWLINE = 0x0a;

/** The lines of UTF-8 text, one at a time. @throws Broken for what is no text, has no end, or stops within a line */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let parts: Uint8Array[] = [];
  let size = 0;
  let number = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      number += 1;
      yield { text: decode(decoder, [...parts, chunk.subarray(from, end)], number), number };
      parts = [];
      size = 0;
      from = end + 1;
    }
    parts.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size > LONGEST_BYTES) throw new Broken("unreadable", number + 1, null);
  }
  if (size > 0) throw new Broken("truncated", number + 1, null);
}

function decode(decoder: TextDecoder, parts: readonly Uint8Array[], number: number): string {
  try {
    return decoder.decode(parts.length === 1 ? parts[0] : Buffer.concat(parts));
  } catch {
    throw new Broken("unreadable", number, null);
  }
}
