"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";

const SETTLE_MS = 60;
const QUIET_MS = 4_000;

/** Keeps the page true by itself, and says so when it cannot. Also tells the server the viewer's time zone. */
export function LiveRefresh({ zoneCookie, zone }: { zoneCookie: string; zone: string }) {
  const router = useRouter();
  const [staleSince, setStaleSince] = useState<string | null>(null);
  const [news, setNews] = useState("");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (mine === zone) return;
    document.cookie = `${zoneCookie}=${encodeURIComponent(mine)}; path=/; max-age=31536000; samesite=lax`;
    router.refresh();
  }, [router, zone, zoneCookie]);

  useEffect(() => {
    const source = new EventSource("/api/events");
    let lost: ReturnType<typeof setTimeout> | undefined;
    source.addEventListener("change", () => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        router.refresh();
        setNews("This page was updated.");
        setTimeout(() => setNews(""), QUIET_MS);
      }, SETTLE_MS);
    });
    source.onopen = () => {
      clearTimeout(lost);
      lost = undefined;
      setStaleSince((since) => {
        if (since) router.refresh();
        return null;
      });
    };
    // The server ends the stream every minute and the browser comes back at once; only a longer silence is worth words.
    source.onerror = () => {
      lost ??= setTimeout(() => setStaleSince(new Date().toTimeString().slice(0, 5)), QUIET_MS);
    };
    return () => {
      source.close();
      clearTimeout(lost);
      clearTimeout(timer.current);
    };
  }, [router]);

  return (
    <>
      <p className="sr-only" role="status">
        {news}
      </p>
      {staleSince ? (
        <p
          role="status"
          className="fixed right-3 bottom-20 z-20 rounded-lg border border-wait bg-wait-soft px-3 py-2 text-sm md:bottom-3"
        >
          Not live since {staleSince}. Trying again.
        </p>
      ) : null}
    </>
  );
}
