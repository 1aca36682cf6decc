"use client";

import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState, useTransition } from "react";
import { newsBetween, type Shown } from "./news.ts";

const SETTLE_MS = 100;
/** The server ends the stream every minute and the browser comes back at once; only a longer silence is worth words. */
const LOST_AFTER_MS = 4_000;

/** Keeps the page true by itself, and says so when it cannot. Also tells the server the viewer's time zone. */
export function LiveRefresh({ zoneCookie, zone }: { zoneCookie: string; zone: string }) {
  const { refresh, news } = useRefresh();
  const staleSince = useChanges(refresh);
  const router = useRouter();

  useEffect(() => {
    const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (mine === zone) return;
    document.cookie = `${zoneCookie}=${encodeURIComponent(mine)}; path=/; max-age=31536000; samesite=lax`;
    router.refresh();
  }, [router, zone, zoneCookie]);

  return (
    <>
      <p className="sr-only" role="status">
        {news}
      </p>
      <p
        role="status"
        className={
          staleSince
            ? "no-print fixed right-3 bottom-20 z-20 rounded-lg border border-wait bg-wait-soft px-3 py-2 text-sm shadow-lg md:bottom-3"
            : "sr-only"
        }
      >
        {staleSince ? `Not live since ${staleSince}. Trying again.` : ""}
      </p>
    </>
  );
}

/** Refreshing, and what of it a screen reader should say: states that are other than before. */
function useRefresh(): { refresh: () => void; news: string } {
  const router = useRouter();
  const [news, setNews] = useState("");
  const [isRefreshing, start] = useTransition();
  const before = useRef<Shown[]>(null);

  useEffect(() => {
    if (isRefreshing || before.current === null) return;
    const words = newsBetween(before.current, statesShown());
    before.current = null;
    if (words) setNews(words);
  }, [isRefreshing]);

  const refresh = useCallback(() => {
    before.current ??= statesShown();
    start(() => router.refresh());
  }, [router]);
  return { refresh, news };
}

/** Calls back a moment after each change. Gives since when there was no connection, in the viewer's own time. */
function useChanges(onChange: () => void): string | null {
  const [staleSince, setStaleSince] = useState<string | null>(null);
  useEffect(() => {
    const source = new EventSource("/api/events");
    let settled: ReturnType<typeof setTimeout> | undefined;
    let lost: ReturnType<typeof setTimeout> | undefined;
    source.addEventListener("change", () => {
      clearTimeout(settled);
      settled = setTimeout(onChange, SETTLE_MS);
    });
    source.onopen = () => {
      clearTimeout(lost);
      lost = undefined;
      setStaleSince((since) => {
        if (since) onChange();
        return null;
      });
    };
    source.onerror = () => {
      const since = new Date().toTimeString().slice(0, 5);
      lost ??= setTimeout(() => setStaleSince(since), LOST_AFTER_MS);
    };
    return () => {
      source.close();
      clearTimeout(lost);
      clearTimeout(settled);
    };
  }, [onChange]);
  return staleSince;
}

function statesShown(): Shown[] {
  return [...document.querySelectorAll<HTMLElement>("[data-news]")].map(({ dataset, textContent }) => ({
    id: dataset.news ?? "",
    about: dataset.about ?? "",
    state: dataset.state ?? "",
    words: textContent.trim(),
  }));
}
