import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient, type Prisma } from "./generated/client.ts";

export type Db = PrismaClient;
/** The client inside one transaction. */
export type Tx = Prisma.TransactionClient;

/** Every connection keeps what it has prepared, so their number must have an end. */
const PREPARED_MAX = 500;
const names = new Map<string, string>();

export function openDb(url: string, { max = 10 }: { max?: number } = {}): Db {
  const options = { statementNameGenerator: ({ sql }: { sql: string }) => statementName(sql) };
  return new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max }, options) });
}

/**
 * A statement with a name is planned once on each connection. Planning the larger ones takes several times as long as
 * running them. Without a name, as the empty one says, it is planned anew each time.
 */
function statementName(sql: string): string {
  const known = names.get(sql);
  if (known !== undefined) return known;
  if (names.size >= PREPARED_MAX) return "";
  const name = `daypass_${names.size}`;
  names.set(sql, name);
  return name;
}
