import "server-only";
import { validate as isUuid } from "uuid";
import { z } from "zod";
import { isChangeKind } from "../domain/change-words.ts";
import type { HistoryFilter } from "../queries/history-seen-by.ts";
import { personNamed } from "../queries/people.ts";
import { webDb } from "./db.ts";

export type HistorySearch = Readonly<Record<"role" | "person" | "actor" | "kind" | "request" | "grant", string>>;

// PostgreSQL takes no NUL in text.
const text = z
  .string()
  .trim()
  .max(200)
  .regex(/^[^\0]*$/)
  .catch("");

/** What the address bar or the export form says of the filters; nonsense is as good as nothing. */
export const historySearch = z.object({
  role: text,
  person: text,
  actor: text,
  kind: text,
  request: text,
  grant: text,
});

/** Null when a filter names what cannot be: then nothing fits. */
export async function filterFrom(search: HistorySearch): Promise<Omit<HistoryFilter, "limit" | "before"> | null> {
  const { role, kind, request, grant } = search;
  if (kind && !isChangeKind(kind)) return null;
  if ((request && !isUuid(request)) || (grant && !isUuid(grant))) return null;
  const [person, actor] = await Promise.all([idOf(search.person), idOf(search.actor)]);
  return person === null || actor === null ? null : { role, kind, request, grant, person, actor };
}

async function idOf(name: string): Promise<string | null | undefined> {
  return name ? personNamed(name, { db: webDb() }) : undefined;
}

export function historyAddress(search: HistorySearch, rest: Readonly<Record<string, string>> = {}): string {
  const set = Object.entries({ ...search, ...rest }).filter(([, value]) => value);
  return set.length > 0 ? `/history?${new URLSearchParams(set).toString()}` : "/history";
}
