import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimFolder, isClaimed } from "./claim-folder.ts";
import { claimPort } from "./ports.ts";

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "daypass-claim-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

test("two cannot run on one data folder, one after the other can", async () => {
  const giveBack = await claimFolder(folder);
  expect(await isClaimed(folder)).toBe(true);
  await expect(claimFolder(folder)).rejects.toThrow("DAYPASS_DATA");

  await giveBack();
  expect(await isClaimed(folder)).toBe(false);
  await (
    await claimFolder(folder)
  )();
});

test("what a crashed one left behind is taken over", async () => {
  await writeFile(join(folder, "running.sock"), "");
  await (
    await claimFolder(folder)
  )();
});

test("a very long folder name is no hindrance", async () => {
  const long = join(folder, "a".repeat(120));
  const giveBack = await claimFolder(long);
  await expect(claimFolder(long)).rejects.toThrow("another Daypass");
  await giveBack();
});

test("a folder that cannot be made is named", async () => {
  await writeFile(join(folder, "file"), "");
  await expect(claimFolder(join(folder, "file/data"))).rejects.toThrow("DAYPASS_DATA");
});

test.each(["127.0.0.1", "0.0.0.0"])("a port that something uses on %s is named with its variable", async (host) => {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  await expect(claimPort(port, "SANDBOX_PORT")).rejects.toThrow(`port ${port} is in use; free it, or set SANDBOX_PORT`);
  server.close();
  await once(server, "close");
  await claimPort(port, "SANDBOX_PORT");
});
