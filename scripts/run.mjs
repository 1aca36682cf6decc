// The only file that runs before anything is installed, on whatever Node the machine has: it installs what is missing and
// hands over to the Node that the project pins.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { delimiter, join } from "node:path";

const [major] = process.versions.node.split(".");
if (Number(major) < 20) {
  console.error(`daypass: Node 20 or newer is needed; this is ${process.versions.node}`);
  process.exit(1);
}

const root = fileURLToPath(new URL("..", import.meta.url));
const stamp = join(root, "node_modules", ".daypass-stamp");
const wanted = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");

if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  console.log("daypass: installing dependencies (once)");
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync("npm", args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) {
    console.error("daypass: npm ci failed; the lines above say why");
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}

const bin = join(root, "node_modules", ".bin");
const [script, ...args] = process.argv.slice(2);
const child = spawn(
  join(bin, "node"),
  ["--disable-warning=ExperimentalWarning", join(root, "scripts", script), ...args],
  {
    cwd: root,
    // The channel says nothing: it breaks when this process is killed, and what was started then stops too.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    // npm says where a command was typed; started by its name, it is here.
    env: {
      ...process.env,
      INIT_CWD: process.env.INIT_CWD ?? process.cwd(),
      PATH: `${bin}${delimiter}${process.env.PATH}`,
    },
  },
);
// A terminal sends Ctrl-C to the child too; a signal that was sent to this process alone is handed on.
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => {
    if (!process.stdin.isTTY || signal === "SIGTERM") child.kill(signal);
  });
child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
