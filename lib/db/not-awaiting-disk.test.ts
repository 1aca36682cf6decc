import pg from "pg";
import { inject, expect, test } from "vitest";
import { notAwaitingDisk } from "./not-awaiting-disk.ts";

async function settings(url: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ commit: string; path: string }>(
    "SELECT current_setting('synchronous_commit') AS commit, current_setting('search_path') AS path",
  );
  await client.end();
  return rows[0];
}

test("commits do not wait for the disk, and what the address says besides stays", async () => {
  const url = inject("clusterUrl");
  const searching = `${url}&options=${encodeURIComponent("-c search_path=elsewhere")}`;
  expect(await settings(notAwaitingDisk(searching))).toEqual({ commit: "off", path: "elsewhere" });
  expect((await settings(notAwaitingDisk(url)))?.commit).toBe("off");
});
