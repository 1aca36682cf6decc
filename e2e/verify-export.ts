import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Stage } from "./daypass.ts";

const run = promisify(execFile);

/** What `daypass verify` says of a file, as an outsider runs it: with the public key that the history's page shows. */
export async function verifyExport({ db }: Stage, path: string): Promise<string> {
  const key = await db.signingKey.findFirstOrThrow();
  const args = ["scripts/daypass.ts", "verify", path, "--key", Buffer.from(key.publicKey).toString("base64url")];
  return run(process.execPath, args).then(
    ({ stdout }) => stdout,
    (error: unknown) => (error as { stderr: string }).stderr,
  );
}
