import type { Place } from "../domain/entitlement.ts";
import type { Tx } from "./client.ts";

/** A role in force that gives a place. Whoever owns it must find the story of the place among those of the role. */
export type GivingRole = { readonly id: string; readonly slug: string };

/** The roles in force that give a place, by slug. */
export async function rolesGiving(tx: Tx, { connection, kind, target }: Place): Promise<GivingRole[]> {
  return tx.$queryRaw<GivingRole[]>`
    SELECT g.role_id AS id, g.role_slug AS slug FROM given_places() g
    WHERE g.connection = ${connection} AND g.kind = ${kind} AND g.target = ${target} ORDER BY g.role_slug`;
}
