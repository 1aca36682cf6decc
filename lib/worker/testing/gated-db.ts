import type { Db } from "../../db/client.ts";
import type { Process, Turns } from "./turns.ts";

/** The connection to the database broke: before a call took effect, or after it did and before the answer came. */
export class ConnectionBroke extends Error {
  constructor() {
    super("Connection terminated unexpectedly");
    this.name = "ConnectionBroke";
  }
}

/** A statement or a model's method that changes no row. */
const READS = /^(\(?SELECT |\w+\.(find|count))/;

type Call = (...args: unknown[]) => Promise<unknown>;

/**
 * The database as one simulated process sees it. A statement is one step and so is a transaction: a process that is killed
 * inside of one has written nothing, as if it had been killed before. Only a transaction that waits for its turn at a
 * shared document lasts longer; whose turn it is, is decided here, so that no call ever waits inside PostgreSQL.
 */
export function gatedDb(db: Db, process: Process, turns: Turns, locks: Map<string, Process>): Db {
  const pass = (what: string, call: () => Promise<unknown>, reads = false) =>
    turns.pass(what, () => throughConnection(process, call), say, { reads });

  const transaction = async (work: (tx: object) => Promise<unknown>, options?: object) => {
    const held: string[] = [];
    try {
      return await pass("transaction", () => db.$transaction((tx) => work(withLocks(tx, held)), options));
    } finally {
      for (const key of held) locks.delete(key);
    }
  };

  const withLocks = (tx: object, held: string[]): object =>
    new Proxy(tx, {
      get(inner, name) {
        const value: unknown = Reflect.get(inner, name);
        if (name !== "$queryRaw" || typeof value !== "function") return value;
        return (...args: unknown[]) => {
          const call = () => Reflect.apply(value, inner, args) as Promise<unknown>;
          if (!sqlOf(args).includes("pg_advisory_xact_lock")) return call();
          const key = JSON.stringify(args.slice(1));
          const take = () => {
            locks.set(key, process);
            held.push(key);
            return call();
          };
          return turns.pass("takes its turn", take, () => "granted", { mayGo: () => !locks.has(key) });
        };
      },
    });

  const wrap = <T extends object>(target: T, path: string): T =>
    new Proxy(target, {
      get(inner, name) {
        if (name === "$transaction") return transaction;
        const value: unknown = Reflect.get(inner, name);
        if (typeof value === "object" && value !== null) return wrap(value, `${path}${String(name)}.`);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          const sql = sqlOf(args) || `${path}${String(name)}`;
          return pass(wordsFor(sql), () => Reflect.apply(value as Call, inner, args), READS.test(sql));
        };
      },
    });
  return wrap(db, "");
}

/** What the worker's statements are for, by how they begin. */
const WORDS: readonly (readonly [begins: string, words: string])[] = [
  ["UPDATE binding SET leased_by", "takes the lease"],
  ["UPDATE binding SET baseline", "stores the intent"],
  ["UPDATE binding SET tries", "gives the lease back and says when to look again"],
  ["SELECT tries", "asks how often it was tried"],
  ["UPDATE grant_binding gb SET level = NULL", "drops what a hand took"],
  ["UPDATE connection", "notes how the provider is"],
  ["SELECT b.id", "reads the binding"],
  ["SELECT id FROM binding WHERE due_at", "asks what is due"],
  ["(SELECT id FROM binding WHERE seen_at", "asks what was not seen for long"],
  ["WITH back", "says that it lives"],
  ["WITH dead", "frees leases of the dead"],
];

function wordsFor(sql: string): string {
  return WORDS.find(([begins]) => sql.startsWith(begins))?.[1] ?? sql.slice(0, 60);
}

async function throughConnection(process: Process, call: () => Promise<unknown>): Promise<unknown> {
  const { breaks } = process;
  if (breaks) breaks.calls -= 1;
  if (!breaks || breaks.calls > 0) return call();
  process.breaks = null;
  if (breaks.after) await call();
  throw new ConnectionBroke();
}

/** The statement of a tagged template, on one line; empty for a call that is none. */
function sqlOf([strings]: readonly unknown[]): string {
  if (!Array.isArray(strings)) return "";
  return strings.join("…").replaceAll(/\s+/g, " ").trim();
}

function say(result: unknown): string {
  if (typeof result === "number") return `${result} rows`;
  if (Array.isArray(result)) return `${result.length} rows`;
  return "done";
}
