import { hash } from "node:crypto";
import { canonicalJson, canonicalParsed, type Change, type StoredChange } from "../domain/change.ts";
import { personalPaths, valueAt, withoutPaths } from "../domain/personal.ts";

/** What goes into the history: the body, and its committed form, whose hash is the content hash. */
export type Sealed = { readonly body: string; readonly committed: string };

/**
 * Names the personal fields of an entry and salts them, so that they can be taken out one day without changing its hash.
 * @param salt 16 random bytes that are used for nothing else
 */
export function seal(change: Change, salt: Uint8Array): Sealed {
  const paths = personalPaths(change);
  const body = canonicalJson(change);
  if (paths.length === 0) return { body, committed: body };
  const stored = { ...change, personal: { paths, salt: Buffer.from(salt).toString("hex") } };
  const committed = committedForm(stored);
  if (!committed) throw new Error(`paths of an entry that do not fit: ${paths.join(" ")}`);
  return { body: canonicalJson(stored), committed: canonicalJson(committed) };
}

/**
 * The canonical JSON of an entry without its personal fields: each is replaced by SHA-256(salt || path || 0 || value) under
 * `commitments`, and the salt is left out. An entry without a salt is its own committed form. Null for an entry that no
 * Daypass wrote: every other way to write the same salt and paths would be a change that no hash shows.
 * @param body canonical
 */
export function committedText(body: string, stored: StoredChange): string | null {
  if (stored.personal === undefined) return body;
  const committed = committedForm(stored);
  return committed && canonicalParsed(committed);
}

/** The content hash: SHA-256 of the committed form. Null when it has none. */
export function contentHash(body: string, stored: StoredChange): Buffer | null {
  const text = committedText(body, stored);
  return text === null ? null : hash("sha256", text, "buffer");
}

/** The order of keys is kept: what comes of sorted keys is sorted. */
function committedForm(stored: StoredChange): StoredChange | null {
  const { personal, ...change } = stored;
  if (!personal || !isSeal(personal) || change.commitments) return null;
  const salt = Buffer.from(personal.salt, "hex");
  const commitments: Record<string, string> = {};
  for (const path of personal.paths) {
    const value = valueAt(change, path);
    if (typeof value !== "string") return null;
    commitments[path] = hash("sha256", Buffer.concat([salt, Buffer.from(`${path}\0${value}`)]), "hex");
  }
  const entries = Object.entries(withoutPaths(change, personal.paths));
  const after = entries.findIndex(([key]) => key > "commitments");
  const at = after < 0 ? entries.length : after;
  return Object.fromEntries(entries.toSpliced(at, 0, ["commitments", commitments])) as StoredChange;
}

function isSeal(personal: unknown): boolean {
  if (typeof personal !== "object" || personal === null) return false;
  const { paths, salt, ...rest } = personal as Record<string, unknown>;
  if (Object.keys(rest).length > 0 || !Array.isArray(paths) || paths.length === 0) return false;
  if (typeof salt !== "string" || !/^[0-9a-f]{32}$/.test(salt)) return false;
  return paths.every((path, i) => isPath(path) && (i === 0 || (paths[i - 1] as string) < path));
}

function isPath(path: unknown): path is string {
  return typeof path === "string" && /^(\/[A-Za-z]+)+$/.test(path);
}
