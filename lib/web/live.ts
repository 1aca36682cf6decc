import "server-only";
import { listen } from "../db/listen.ts";
import { webEnv } from "../env.ts";

export type ChangeNotice = {
  readonly seq: number;
  readonly kind: string;
  readonly personId: string | null;
  readonly roleId: string | null;
};
/** "reconnected": something may have been missed. "stopping": this process is about to end. */
type News = ChangeNotice | "reconnected" | "stopping";
type Listener = (news: News) => void;

declare global {
  var daypassListeners: Set<Listener> | undefined;
}

/** Calls `listener` for every change that is committed, until the given function is called. One database connection per process. */
export function onChange(listener: Listener): () => void {
  if (!globalThis.daypassListeners) {
    const listeners = new Set<Listener>();
    globalThis.daypassListeners = listeners;
    const tellAll = (news: News) => {
      for (const tell of listeners) tell(news);
    };
    process.once("SIGTERM", () => tellAll("stopping"));
    const start = () =>
      void listen(
        webEnv().DATABASE_URL,
        ["daypass_change"],
        (_channel, payload) => tellAll(JSON.parse(payload) as ChangeNotice),
        () => tellAll("reconnected"),
      ).catch(() => setTimeout(start, 1_000));
    start();
  }
  const listeners = globalThis.daypassListeners;
  listeners.add(listener);
  return () => listeners.delete(listener);
}
