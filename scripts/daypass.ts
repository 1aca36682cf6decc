import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { configurationFrom } from "../lib/configuration.ts";
import { HOST } from "../lib/domain/actor.ts";
import { Refused } from "../lib/domain/refusals.ts";
import { isClaimed } from "./claim-folder.ts";
import { ROOT } from "./machine.ts";
import { generateClient } from "./prepare.ts";
import { databaseNote } from "./start-database.ts";
import { verifyFile } from "./verify.ts";

const USAGE = `usage:
  npm run daypass -- admin add --email maya@acme.test | --subject <subject>
  npm run daypass -- token create --email maya@acme.test --scope requests:read --scope … --days 30 [--name terminal]
  npx daypass verify FILE --key PUBLIC_KEY [--key OLDER_KEY] [--held CHECKPOINTS]`;

const OPTIONS = {
  email: { type: "string" },
  subject: { type: "string" },
  scope: { type: "string", multiple: true },
  days: { type: "string" },
  key: { type: "string", multiple: true },
  held: { type: "string" },
  name: { type: "string", default: "made on the host" },
} as const;

const BEGINS_WITH_DASH = /^-[\w-]{42}$/;

try {
  console.log(await run());
} catch (error) {
  console.error(`daypass: ${wordsOf(error)}`);
  process.exit(1);
}

function wordsOf(error: unknown): string {
  if (error instanceof Refused) return `refused (${error.code})`;
  return error instanceof Error ? error.message : String(error);
}

async function run(): Promise<string> {
  const args = withKeys(process.argv.slice(2));
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  const [verb, file] = positionals;
  if (verb === "verify" && file && values.key)
    return verifyFile(file, values.key, process.env.INIT_CWD ?? ".", values.held);
  const command = positionals.join(" ");
  if (command !== "admin add" && command !== "token create") throw new Error(USAGE);
  await generateClient(() => undefined);
  const { openDb } = await import("../lib/db/client.ts");
  const db = openDb(await databaseUrl(), { max: 1 });
  try {
    if (command === "admin add") {
      const { addAdmin } = await import("../lib/usecases/add-admin.ts");
      const who = {
        ...(values.email ? { email: values.email } : {}),
        ...(values.subject ? { subject: values.subject } : {}),
      };
      return `${(await addAdmin(HOST, who, { db })).name} is an admin now`;
    }
    const { createTokenFromHost } = await import("../lib/usecases/create-token.ts");
    const input = {
      email: values.email ?? "",
      name: values.name,
      scopes: values.scope ?? [],
      days: Number(values.days),
    };
    return (await createTokenFromHost(HOST, input, { db })).token;
  } finally {
    await db.$disconnect();
  }
}

/** One public key in 64 begins with a dash as it is published, and would pass for an option. */
function withKeys(args: readonly string[]): string[] {
  return args.flatMap((text, n) => {
    if (args[n - 1] === "--key" && BEGINS_WITH_DASH.test(text)) return [];
    const key = args[n + 1] ?? "";
    return text === "--key" && BEGINS_WITH_DASH.test(key) ? [`--key=${key}`] : [text];
  });
}

/** The configured database, or the embedded one of the Daypass that runs here. */
async function databaseUrl(): Promise<string> {
  const { databaseUrl: configured, dataFolder } = configurationFrom(process.env, ROOT);
  if (configured) return configured;
  if (!(await isClaimed(dataFolder)))
    throw new Error("Daypass does not run here; start it first, or set DATABASE_URL or DAYPASS_DATA as it has them");
  return readFile(databaseNote(dataFolder), "utf8");
}
