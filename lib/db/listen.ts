import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";

const AGAIN_AFTER_MS = 500;

/**
 * Listens on PostgreSQL channels, over one connection that is made anew when it breaks. What was said while it was broken
 * is lost: `onReconnect` is called each time it is back, for the caller to look for itself.
 */
export async function listen(
  url: string,
  channels: readonly string[],
  onMessage: (channel: string, payload: string) => void,
  onReconnect: () => void = () => undefined,
): Promise<{ close(): Promise<void> }> {
  let closed = false;
  let client = await connect();

  async function connect(): Promise<pg.Client> {
    const next = new pg.Client({ connectionString: url, keepAlive: true });
    next.on("notification", ({ channel, payload }) => onMessage(channel, payload ?? ""));
    // Without a listener a broken connection would end the process.
    next.on("error", () => undefined);
    await next.connect();
    for (const channel of channels) await next.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    // Last: what breaks before is told by its own error, and whoever called tries again.
    next.once("end", () => void reconnect());
    return next;
  }

  async function reconnect(): Promise<void> {
    while (!closed) {
      await pause(AGAIN_AFTER_MS);
      try {
        client = await connect();
        onReconnect();
        return;
      } catch {
        // The database is still away; it is tried again until it is back.
      }
    }
  }

  return {
    async close() {
      closed = true;
      await client.end();
    },
  };
}
