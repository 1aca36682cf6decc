import type { Entitlement } from "../domain/entitlement.ts";
import { Refused } from "../domain/refusals.ts";
import { onePerPlace } from "../domain/role.ts";
import type { Db, Tx } from "./client.ts";

const LOCK = "place-spelling";

/**
 * For what a person typed. It gives only what is known now: whoever writes it asks `asSpelled`.
 * @throws Refused place-spelled-otherwise, with the spelling to use
 */
export async function requireSpelling(db: Db | Tx, lines: readonly Entitlement[]): Promise<void> {
  const spellings = await spellingsOf(db, lines);
  const known = spellings.find((spelling, i) => spelling !== lines[i]?.target);
  if (known !== undefined) throw new Refused("place-spelled-otherwise", "entitlements", known);
}

/**
 * The lines as they must be written: each place as it was written before, and once. Held until commit, so that two
 * versions that name a new place at the same time agree on it.
 */
export async function asSpelled(tx: Tx, lines: readonly Entitlement[]): Promise<Entitlement[]> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${LOCK}, 0))::text`;
  const spellings = await spellingsOf(tx, lines);
  return onePerPlace(lines.map((line, i) => ({ ...line, target: spellings[i] ?? line.target })));
}

async function spellingsOf(db: Db | Tx, lines: readonly Entitlement[]): Promise<string[]> {
  const [connections, kinds, targets] = [
    lines.map(({ connection }) => connection),
    lines.map(({ kind }) => kind),
    lines.map(({ target }) => target),
  ];
  const rows = await db.$queryRaw<{ spelling: string }[]>`
    SELECT spelling_of(l.connection, l.kind, l.target) AS spelling
    FROM unnest(${connections}::text[], ${kinds}::text[], ${targets}::text[])
      WITH ORDINALITY AS l(connection, kind, target, position)
    ORDER BY l.position`;
  return rows.map(({ spelling }) => spelling);
}
