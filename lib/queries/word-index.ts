import "server-only";
import { kindsOf } from "../domain/outcome.ts";
import type { SelectionFilter } from "../domain/selection.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import type { Fitting } from "./fitting-changes.ts";
import { ownedRoles } from "./visible.ts";

/** What stands where the number of a stretch goes; no word and no key has it in it. */
const AMONG = "\u0001";
/** Shorter words are meant as they are: too many begin with them. */
const PREFIX_MIN = 3;
/** Of more roles an owner sees so much of the history that looking at each entry finds enough soon. */
const OWNED_KEYS_MAX = 20;
/** Entries to a stretch, as a power of two. The function `change_words` says the same. */
const STRETCH_BITS = 12;

/** Of which entries each of these holds; within one group, one is enough. */
type Groups = readonly (readonly string[])[];

/**
 * What fits by the index of words, a stretch of the history at a time: the SQL stops at the stretch in which it has
 * enough. `also` is asked of each entry (`c`).
 */
export async function wordIndexed(filter: SelectionFilter, also: Prisma.Sql, { db }: { db: Db }): Promise<Fitting> {
  const [words, owned] = await Promise.all([wordsOf(filter.words, db), ownedBy(filter.seenBy, db)]);
  if (words !== null && words.whole.length + words.begun.length === 0)
    return () => Prisma.sql`SELECT NULL::bigint AS seq WHERE false`;
  const asKeys = owned !== null && owned.length <= OWNED_KEYS_MAX;
  const groups: Groups = [
    ...(words?.whole ?? []).map((word) => [lexeme(word)]),
    ...(words?.begun ?? []).map((word) => [word.length < PREFIX_MIN ? lexeme(word) : `${lexeme(word)}:*`]),
    ...keysOf(filter).map((keys) => keys.map(lexeme)),
    ...(asKeys ? [seenKeys(filter.seenBy ?? "", owned).map(lexeme)] : []),
  ];
  const { seenBy } = filter;
  const visible = seenBy !== undefined && !asKeys ? Prisma.sql`${also} AND ${isSeenBy(seenBy)}` : also;
  const query = groups.map((group) => `(${group.join("|")})`).join("&");
  return (span) => stretchByStretch(query, visible, span);
}

function keysOf(filter: SelectionFilter): Groups {
  const { kind, outcome, provider, target, personId, actorId, roleId, requestId, grantId } = filter;
  const single = {
    kind,
    provider,
    target,
    person: personId,
    actor: actorId,
    role: roleId,
    request: requestId,
    grant: grantId,
  };
  return [
    ...Object.entries(single).flatMap(([name, value]) => (value === undefined ? [] : [[`=${name}:${value}`]])),
    ...(outcome === undefined ? [] : [kindsOf(outcome).map((each) => `=kind:${each}`)]),
  ];
}

function seenKeys(personId: string, owned: readonly string[]): string[] {
  return [`=person:${personId}`, `=actor:${personId}`, ...owned.map((id) => `=role:${id}`)];
}

function isSeenBy(personId: string): Prisma.Sql {
  return Prisma.sql`(c.person_id = ${personId}::uuid OR c.actor_id = ${personId}::uuid
    OR c.role_id IN (SELECT owned.id FROM ${ownedRoles(personId)} AS owned))`;
}

function lexeme(key: string): string {
  return `'${AMONG}${key.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

type Words = { readonly whole: readonly string[]; readonly begun: readonly string[] };

/** The word at the very end may be one that is only begun. More of them would cost a search many times as much. */
async function wordsOf(text: string | undefined, db: Db): Promise<Words | null> {
  if (text === undefined) return null;
  const end = text.search(/[\p{L}\p{N}]+$/u);
  const [before, last] = end < 0 ? [text, ""] : [text.slice(0, end), text.slice(end)];
  const [words] = await db.$queryRaw<[Words]>`
    SELECT ARRAY(SELECT left(word, 100) FROM unnest(words_in(${before})) AS word) AS whole,
      ARRAY(SELECT left(word, 100) FROM unnest(words_in(${last})) AS word) AS begun`;
  return words;
}

async function ownedBy(personId: string | undefined, db: Db): Promise<string[] | null> {
  if (personId === undefined) return null;
  const rows = await db.$queryRaw<{ id: string }[]>`SELECT owned.id FROM ${ownedRoles(personId)} AS owned`;
  return rows.map(({ id }) => id);
}

/** The sums keep the planner from reading the history by its numbers, in hope of a match soon, instead of by the words. */
function stretchByStretch(
  query: string,
  also: Prisma.Sql,
  { order, from = 1n, to, limit }: Parameters<Fitting>[0],
): Prisma.Sql {
  const last = to === undefined ? Prisma.sql`(SELECT seq FROM chain_head WHERE id = 1)` : Prisma.sql`${to}::bigint`;
  const [oldest, newest] = [Prisma.sql`${from}::bigint >> ${STRETCH_BITS}`, Prisma.sql`${last} >> ${STRETCH_BITS}`];
  const stretches =
    order === "newest"
      ? Prisma.sql`generate_series(${newest}, ${oldest}, -1::bigint)`
      : Prisma.sql`generate_series(${oldest}, ${newest})`;
  const enough = limit === undefined ? Prisma.empty : Prisma.sql`LIMIT ${limit}`;
  return Prisma.sql`
    SELECT found.seq FROM ${stretches} AS stretch(number) CROSS JOIN LATERAL (
      SELECT c.seq FROM change c
      WHERE change_words(c.seq, c.kind, c.actor_id, c.person_id, c.role_id, c.request_id, c.grant_id, c.body)
          @@ replace(${query}, ${AMONG}, lpad(to_hex(stretch.number), 6, '0'))::tsquery
        AND c.seq + 0 BETWEEN ${from}::bigint AND ${last} AND ${also}
      ORDER BY c.seq + 0 ${Prisma.raw(order === "newest" ? "DESC" : "ASC")} ${enough}) AS found ${enough}`;
}
