import { ShieldAlert, ShieldCheck } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { Thread } from "#components/thread.tsx";
import { Time, dayKey } from "#components/time.tsx";
import { Button } from "#components/ui/button.tsx";
import { Empty, PageHeader } from "#components/ui/page.tsx";
import { CHANGE_KINDS } from "#lib/domain/change-words.ts";
import { chainState } from "#lib/queries/chain-state.ts";
import { historySeenBy, type HistoryEntry } from "#lib/queries/history-seen-by.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";

export const metadata: Metadata = { title: "History" };

const PAGE = 50;

type Search = { role?: string; kind?: string; before?: string };

export default async function HistoryPage({ searchParams }: { searchParams: Promise<Search> }) {
  const viewer = await requireViewer("/history");
  const { role = "", kind = "", before = "" } = await searchParams;
  const db = webDb();
  const [entries, chain] = await Promise.all([
    historySeenBy(viewer, { role, kind, before: cursorOf(before), limit: PAGE + 1 }, { db }),
    chainState({ db }),
  ]);
  const page = entries.slice(0, PAGE);
  const last = entries.length > PAGE ? page.at(-1) : undefined;
  return (
    <>
      <PageHeader title="History" lead={<ChainWords {...chain} />} />
      <form role="search" className="mb-6 flex flex-wrap gap-2">
        <input
          className="input sm:max-w-64"
          name="role"
          aria-label="Role"
          placeholder="Role, by its short name"
          defaultValue={role}
        />
        <select className="input w-auto" name="kind" aria-label="What happened" defaultValue={kind}>
          <option value="">Everything</option>
          {CHANGE_KINDS.map((one) => (
            <option key={one} value={one}>
              {one.replace(".", ", ").replaceAll("-", " ")}
            </option>
          ))}
        </select>
        <Button type="submit">Filter</Button>
      </form>
      {page.length === 0 ? <Empty>Nothing here yet that you may see, or nothing fits this filter.</Empty> : null}
      {(await byDay(page)).map(([day, group]) => (
        <section key={day} className="mb-7">
          <h2 className="mb-2 text-base">
            <Time at={new Date(group[0]?.at ?? 0)} style="day" />
          </h2>
          <Thread entries={group} />
        </section>
      ))}
      {last ? (
        <Link
          className="link"
          href={`/history?${new URLSearchParams({ role, kind, before: String(last.seq) }).toString()}`}
          prefetch={false}
        >
          Earlier
        </Link>
      ) : null}
    </>
  );
}

function ChainWords({ count, brokenAt }: { count: number; brokenAt: number | null }) {
  const whole = brokenAt === null;
  const Icon = whole ? ShieldCheck : ShieldAlert;
  return (
    <span className={`inline-flex items-center gap-2 ${whole ? "" : "font-medium text-bad"}`}>
      <Icon aria-hidden className={`size-5 ${whole ? "text-good" : ""}`} />
      {whole
        ? `${count.toLocaleString("en")} changes, verified to the last`
        : `The chain is broken at change ${brokenAt}. Somebody changed the history outside Daypass.`}
    </span>
  );
}

function cursorOf(text: string): number | undefined {
  const seq = Number(text);
  return Number.isSafeInteger(seq) && seq > 0 ? seq : undefined;
}

async function byDay(entries: readonly HistoryEntry[]): Promise<[string, HistoryEntry[]][]> {
  const days = new Map<string, HistoryEntry[]>();
  for (const entry of entries) {
    const day = await dayKey(new Date(entry.at));
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days];
}
