import "server-only";
import { validate as isUuid } from "uuid";
import { z } from "zod";
import { CHANGE_TITLES } from "../domain/change-words.ts";
import type { ChangeKind } from "../domain/change.ts";
import { PLACE_KINDS, isTargetOf } from "../domain/entitlement.ts";
import { OUTCOME_NAMES } from "../domain/outcome.ts";
import { orRefuse } from "../domain/refusals.ts";
import { judgeSlug } from "../domain/role.ts";
import { judgeSelection } from "../domain/selection.ts";
import type { Db } from "../db/client.ts";
import { databaseNow } from "../db/now.ts";
import { personNamed } from "../queries/people.ts";
import type { Asked } from "../queries/selection-filter.ts";

const KINDS = Object.keys(CHANGE_TITLES) as [ChangeKind, ...ChangeKind[]];

/** PostgreSQL keeps years before Christ apart, and nothing here is older than computers. */
const FIRST_YEAR = 1970;
const LAST_YEAR = 9999;

export const moment = z.iso
  .datetime({ offset: true, error: "This is no moment. Write it like 2026-11-24T14:00:00Z." })
  .refine((text) => !isYearOut(new Date(text)), `Name a moment from ${FIRST_YEAR} to ${LAST_YEAR}.`)
  .transform((text) => new Date(text).toISOString());

/** What is no moment at all is said already. */
function isYearOut(at: Date): boolean {
  const year = at.getUTCFullYear();
  return year < FIRST_YEAR || year > LAST_YEAR;
}

const person = z
  .string()
  .max(200, "This is too long for a name.")
  .regex(/^[^\s\p{C}]+$/u, "Name one person, by user name, e-mail address or id.")
  .optional();

/** What can be asked of the history, by pages, the API and exports alike. Nothing that cannot be is passed over. */
export const historyFilters = z.object({
  q: z
    .string()
    .max(200, "Search for fewer words.")
    .regex(/[\p{L}\p{N}]/u, "There is no word in this to search for.")
    .optional(),
  role: z
    .string()
    .refine((slug) => judgeSlug(slug).allowed, "No role can be called this.")
    .optional(),
  person,
  actor: person,
  kind: z.enum(KINDS, "No change is of this kind.").optional(),
  outcome: z.enum(OUTCOME_NAMES, "Nothing comes out like this.").optional(),
  provider: z.enum(["gitlab", "aws"], "The providers are gitlab and aws.").optional(),
  target: z
    .string()
    .refine((target) => PLACE_KINDS.some((kind) => isTargetOf(kind, target)), "No place can be called this.")
    .optional(),
  since: moment.optional(),
  /** Excluded. */
  until: moment.optional(),
  request: z.uuid("This is no request's id.").optional(),
  grant: z.uuid("This is no grant's id.").optional(),
});

export type HistoryFilters = z.output<typeof historyFilters>;

/**
 * The same with people by their ids; null when nobody, or more than one, is called so. Refuses a time in which nothing can
 * be.
 */
export async function askedOf(
  { q, person: who, actor: by, ...rest }: HistoryFilters,
  { db }: { db: Db },
): Promise<Asked | null> {
  const { since, until } = rest;
  if (since !== undefined || until !== undefined) {
    const filter = { ...(since ? { since } : {}), ...(until ? { until } : {}) };
    orRefuse(judgeSelection({ of: "history", filter }, await databaseNow(db)), "since");
  }
  const [personId, actorId] = await Promise.all([idOf(who, db), idOf(by, db)]);
  return personId === null || actorId === null ? null : { ...rest, words: q, person: personId, actor: actorId };
}

async function idOf(name: string | undefined, db: Db): Promise<string | null | undefined> {
  return name === undefined || isUuid(name) ? name : personNamed(name, { db });
}
