import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { Suspense } from "react";
import { z } from "zod";
import { Thread } from "#components/thread.tsx";
import { Time, dayKey, viewerZone } from "#components/time.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Empty, PageHeader } from "#components/ui/page.tsx";
import { Refused } from "#lib/domain/refusals.ts";
import { seesAll } from "#lib/domain/viewer.ts";
import { historySeenBy, type HistoryEntry } from "#lib/queries/history-seen-by.ts";
import { rolesFor } from "#lib/queries/roles-for.ts";
import { webDb } from "#lib/web/db.ts";
import { askedOf } from "#lib/web/history-filters.ts";
import { historyAddress, type HistorySearch, type ReadSearch } from "#lib/web/history-search.ts";
import { REFUSALS, wordsOfRefusal } from "#lib/web/refusal-words.ts";
import { requireViewer } from "#lib/web/session.ts";
import { ChainWords } from "./chain-words.tsx";
import { ExportChoice } from "./export-choice.tsx";
import { FilterChips } from "./filter-chips.tsx";
import { HistoryFilter } from "./history-filter.tsx";
import { ProofWords } from "./proof-words.tsx";
import { readAddress } from "./read-address.ts";
import { VerifyAgain } from "./verify-again.tsx";

export const metadata: Metadata = { title: "History" };

const PAGE = 50;

const query = z.object({
  before: z.coerce.number().int().min(1).optional().catch(undefined),
  refused: z.string().max(64).optional().catch(undefined),
});

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function HistoryPage({ searchParams }: Props) {
  const viewer = await requireViewer("/history");
  const sent = await searchParams;
  const { before, refused } = query.parse(sent);
  const zone = await viewerZone();
  const { isExact, ...read } = readAddress(sent, zone);
  const { search } = read;
  if (!isExact) redirect(historyAddress(search));
  const db = webDb();
  const [{ asked, errors }, roles] = await Promise.all([askedIn(read), rolesFor(viewer, { db })]);
  const entries = asked ? await historySeenBy(viewer, { ...asked, before, limit: PAGE + 1 }, { db }) : [];
  const isWrong = Object.keys(errors).length > 0;
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
      <HistoryFilter read={{ search, errors }} roles={roles.map((role) => role.slug)} zone={zone} />
      <FilterChips search={search} />
      {page.length === 0 ? <Empty>{isWrong ? WRONG_WORDS : emptyWords(search, before)}</Empty> : null}
      {(await byDay(page)).map(([day, group]) => (
        <section key={day} className="mb-7">
          <h2 className="mb-2 text-base">
            <Time at={new Date(group[0]?.at ?? 0)} style="day" />
          </h2>
          <Thread entries={group} />
        </section>
      ))}
      <nav aria-label="Pages of the history" className="mb-7 flex gap-6">
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
      {asked ? <ExportChoice search={search} /> : null}
    </>
  );
}

const WRONG_WORDS = "One of the filters cannot be: it says why. Nothing was looked for.";

/** What the filters ask; null when that is nothing that can be, or names nobody. */
async function askedIn({ filters, errors }: Pick<ReadSearch, "filters" | "errors">) {
  if (!filters) return { asked: null, errors };
  try {
    return { asked: await askedOf(filters, { db: webDb() }), errors };
  } catch (error) {
    if (error instanceof Refused) return { asked: null, errors: { since: REFUSALS[error.code].words } };
    throw error;
  }
}

function emptyWords(search: HistorySearch, before: number | undefined): string {
  if (Object.keys(search).length > 0) return "Nothing that you may see fits these filters.";
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
