import { createHash } from "node:crypto";
import { once } from "node:events";
import { constants } from "node:fs";
import { access, mkdir, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Socket paths may not be longer on some systems. */
const LONGEST_SOCKET_PATH = 100;

/**
 * Keeps every other Daypass off this data folder until the returned function is called or this process ends; what a crashed
 * one left behind is taken over. Two on one folder would stop each other's database.
 */
export async function claimFolder(folder: string): Promise<() => Promise<void>> {
  await makeWritable(folder);
  if (await isClaimed(folder))
    throw new Error(`another Daypass runs on the data in ${folder}; stop it, or set DAYPASS_DATA to another folder`);
  const path = socketOf(folder);
  await rm(path, { force: true });
  const server = createServer((socket) => socket.destroy()).listen(path);
  await once(server, "listening");
  server.unref();
  return async () => {
    server.close();
    await once(server, "close");
  };
}

/** Whether a Daypass runs on this folder now. */
export async function isClaimed(folder: string): Promise<boolean> {
  const socket = connect(socketOf(folder));
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function makeWritable(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const hint = "set DAYPASS_DATA to a folder of your own";
    throw new Error(`${folder} cannot be written by the user who runs Daypass; ${hint}`, { cause: error });
  }
}

function socketOf(folder: string): string {
  const path = join(folder, "running.sock");
  if (Buffer.byteLength(path) <= LONGEST_SOCKET_PATH) return path;
  return join(tmpdir(), `daypass-${createHash("sha256").update(folder).digest("hex").slice(0, 16)}.sock`);
}
