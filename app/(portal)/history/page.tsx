import type { Metadata } from "next";
import Link from "next/link";
import { Suspense } from "react";
import { z } from "zod";
import { Thread } from "#components/thread.tsx";
import { Time, dayKey } from "#components/time.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Empty, PageHeader } from "#components/ui/page.tsx";
import { seesAll } from "#lib/domain/viewer.ts";
import { historySeenBy, type HistoryEntry } from "#lib/queries/history-seen-by.ts";
import { rolesFor } from "#lib/queries/roles-for.ts";
import { webDb } from "#lib/web/db.ts";
import { wordsOfRefusal } from "#lib/web/refusal-words.ts";
import { requireViewer } from "#lib/web/session.ts";
import { ChainWords } from "./chain-words.tsx";
import { ExportChoice } from "./export-choice.tsx";
import { HistoryFilter } from "./history-filter.tsx";
import { ProofWords } from "./proof-words.tsx";
import { filterFrom, historyAddress, historySearch, type HistorySearch } from "#lib/web/history-search.ts";
import { VerifyAgain } from "./verify-again.tsx";

export const metadata: Metadata = { title: "History" };

const PAGE = 50;

const query = historySearch.extend({
  before: z.coerce.number().int().min(1).optional().catch(undefined),
  refused: z.string().max(64).optional().catch(undefined),
});

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function HistoryPage({ searchParams }: Props) {
  const viewer = await requireViewer("/history");
  const { before, refused, ...search } = query.parse(await searchParams);
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
        actions={
          seesAll(viewer) ? (
            <>
              <LinkButton href="/history/access">Who had access</LinkButton>
              <LinkButton href="/evidence">Evidence of a quarter</LinkButton>
              {viewer.isAdmin ? <LinkButton href="/history/rollback">Roll back to a moment</LinkButton> : null}
              <VerifyAgain />
            </>
          ) : undefined
        }
      />
      <ProofWords />
      {refused ? (
        <div className="mb-4">
          <Notice tone="bad" live>
            {wordsOfRefusal(refused)}
          </Notice>
        </div>
      ) : null}
      <HistoryFilter search={search} roles={roles.map((role) => role.slug)} />
      {filter ? <ExportChoice search={search} /> : null}
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
          <Link className="link" href={historyAddress(search)} prefetch={false}>
            Newest
          </Link>
        )}
        {last ? (
          <Link className="link" href={historyAddress(search, { before: String(last.seq) })} prefetch={false}>
            Earlier
          </Link>
        ) : null}
      </nav>
    </>
  );
}

function emptyWords(search: HistorySearch, before: number | undefined): string {
  if (Object.values(search).some(Boolean)) return "Nothing that you may see fits these filters.";
  return before === undefined
    ? "Nothing has happened yet that you may see."
    : "That was all: there is nothing earlier.";
}

async function byDay(entries: readonly HistoryEntry[]): Promise<[string, HistoryEntry[]][]> {
  const days = new Map<string, HistoryEntry[]>();
  for (const entry of entries) {
    const day = await dayKey(new Date(entry.at));
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days];
}
