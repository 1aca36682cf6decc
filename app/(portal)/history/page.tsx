import type { Metadata } from "next";
import Link from "next/link";
import { Suspense } from "react";
import { validate as isUuid } from "uuid";
import { z } from "zod";
import { Thread } from "#components/thread.tsx";
import { Time, dayKey } from "#components/time.tsx";
import { Empty, PageHeader } from "#components/ui/page.tsx";
import { isChangeKind } from "#lib/domain/change-words.ts";
import { seesAll } from "#lib/domain/viewer.ts";
import { historySeenBy, type HistoryEntry, type HistoryFilter as Filter } from "#lib/queries/history-seen-by.ts";
import { personNamed } from "#lib/queries/people.ts";
import { rolesFor } from "#lib/queries/roles-for.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { ChainWords } from "./chain-words.tsx";
import { HistoryFilter, type HistorySearch } from "./history-filter.tsx";
import { VerifyAgain } from "./verify-again.tsx";

export const metadata: Metadata = { title: "History" };

const PAGE = 50;

// PostgreSQL takes no NUL in text.
const text = z
  .string()
  .trim()
  .max(200)
  .regex(/^[^\0]*$/)
  .catch("");
const query = z.object({
  role: text,
  person: text,
  actor: text,
  kind: text,
  request: text,
  grant: text,
  before: z.coerce.number().int().min(1).optional().catch(undefined),
});

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function HistoryPage({ searchParams }: Props) {
  const viewer = await requireViewer("/history");
  const { before, ...search } = query.parse(await searchParams);
  const db = webDb();
  const [filter, roles] = await Promise.all([filterFrom(search), rolesFor(viewer, { db })]);
  const entries = filter ? await historySeenBy(viewer, { ...filter, before, limit: PAGE + 1 }, { db }) : [];
  const page = entries.slice(0, PAGE);
  const last = entries.length > PAGE ? page.at(-1) : undefined;
  return (
    <>
      <PageHeader
        title="History"
        lead={
          <Suspense fallback="Verifying every change…">
            <ChainWords />
          </Suspense>
        }
        actions={seesAll(viewer) ? <VerifyAgain /> : undefined}
      />
      <HistoryFilter search={search} roles={roles.map((role) => role.slug)} />
      {page.length === 0 ? <Empty>{emptyWords(search, before)}</Empty> : null}
      {(await byDay(page)).map(([day, group]) => (
        <section key={day} className="mb-7">
          <h2 className="mb-2 text-base">
            <Time at={new Date(group[0]?.at ?? 0)} style="day" />
          </h2>
          <Thread entries={group} />
        </section>
      ))}
      <nav aria-label="Pages of the history" className="flex gap-6">
        {before === undefined ? null : (
          <Link className="link" href={addressOf(search)} prefetch={false}>
            Newest
          </Link>
        )}
        {last ? (
          <Link className="link" href={addressOf(search, last.seq)} prefetch={false}>
            Earlier
          </Link>
        ) : null}
      </nav>
    </>
  );
}

/** Null when a filter names what cannot be: then nothing fits. */
async function filterFrom(search: HistorySearch): Promise<Omit<Filter, "limit"> | null> {
  const { role, kind, request, grant } = search;
  if (kind && !isChangeKind(kind)) return null;
  if ((request && !isUuid(request)) || (grant && !isUuid(grant))) return null;
  const [person, actor] = await Promise.all([idOf(search.person), idOf(search.actor)]);
  return person === null || actor === null ? null : { role, kind, request, grant, person, actor };
}

async function idOf(name: string): Promise<string | null | undefined> {
  return name ? personNamed(name, { db: webDb() }) : undefined;
}

function emptyWords(search: HistorySearch, before: number | undefined): string {
  if (Object.values(search).some(Boolean)) return "Nothing that you may see fits these filters.";
  return before === undefined
    ? "Nothing has happened yet that you may see."
    : "That was all: there is nothing earlier.";
}

function addressOf(search: HistorySearch, before?: number): string {
  const set = Object.entries({ ...search, before: before === undefined ? "" : String(before) }).filter(
    ([, value]) => value,
  );
  return set.length > 0 ? `/history?${new URLSearchParams(set).toString()}` : "/history";
}

async function byDay(entries: readonly HistoryEntry[]): Promise<[string, HistoryEntry[]][]> {
  const days = new Map<string, HistoryEntry[]>();
  for (const entry of entries) {
    const day = await dayKey(new Date(entry.at));
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days];
}
