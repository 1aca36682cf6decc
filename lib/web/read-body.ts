import "server-only";
import { Problem } from "./problem.ts";

const BODY_MAX = 64 * 1024;

/** The JSON body, read no further than the limit. */
export async function readJson(request: Request): Promise<{ text: string; value: unknown }> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  const bytes = await readBytes(request);
  if (bytes.byteLength === 0) return { text: "", value: {} };
  if (type !== "application/json")
    throw new Problem(415, "unsupported-content-type", "Send the body as application/json.");
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return { text, value: JSON.parse(text) as unknown };
  } catch {
    throw new Problem(400, "bad-json", "The body is not JSON. Nothing was changed.");
  }
}

async function readBytes(request: Request): Promise<Uint8Array> {
  const tooLarge = new Problem(413, "body-too-large", "The body is larger than 64 kB. Nothing was changed.");
  if (Number(request.headers.get("content-length") ?? 0) > BODY_MAX) throw tooLarge;
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > BODY_MAX) break;
      chunks.push(chunk);
    }
  } catch {
    // Whoever sent it hung up: no fault of ours.
    throw new Problem(400, "body-broken-off", "The body broke off before its end. Nothing was changed.");
  }
  if (size > BODY_MAX) throw tooLarge;
  return Buffer.concat(chunks);
}
