import "server-only";
import type { Drift } from "../domain/binding.ts";
import type { Level, PlaceKind } from "../domain/entitlement.ts";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { givenBy, owns, watches } from "./watched.ts";

/** What is not as Daypass made it, beyond what hands did to a grant's own access. */
export type Finding =
  Drift | "unknown-access" | "place-missing" | "place-unclear" | "account-renamed" | "account-missing";

/** Access as it is shown: `level` is null where it is none that Daypass knows. */
type Shown = { readonly state: "absent" } | { readonly state: "present"; level: Level | null; until: string | null };

export type DriftRow = {
  readonly id: string;
  readonly drift: Finding;
  /** When it was found. */
  readonly at: Date;
  readonly connection: string;
  /** Null when it is about an account, not about a place. */
  readonly kind: PlaceKind | null;
  readonly target: string | null;
  readonly personName: string | null;
  readonly account: string | null;
  readonly before: Shown | null;
  readonly seen: Shown | null;
  /** The account's former name. */
  readonly formerly: string | null;
  /** An open grant to look at. */
  readonly grantId: string | null;
  readonly keptUntil: Date | null;
  readonly keptBy: string | null;
  readonly keptReason: string | null;
  readonly removalAskedAt: Date | null;
  /** Whether the viewer decides what becomes of it. */
  readonly mayDecide: boolean;
  readonly tries: number;
  readonly lastError: string | null;
  /** What stands at a place and is not understood. */
  readonly found: string | null;
};

export type DriftFilter = {
  /** Only access that is kept as an exception; else everything but that. */
  readonly kept?: boolean;
  /** The cursor of the last finding of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
};

/** Newest first. Owners see what concerns the roles of their groups, admins and auditors see all. */
export async function driftFound(viewer: Viewer, filter: DriftFilter, { db }: { db: Db }): Promise<DriftRow[]> {
  const { kept = false, limit } = filter;
  const after = filter.before === undefined ? null : parsed(filter.before);
  const next = after ? Prisma.sql`(f.at, f.id) < (${after.at}::timestamptz, ${after.id}::uuid)` : Prisma.sql`true`;
  const all = kept
    ? unknownAccess(viewer, true)
    : Prisma.join(
        [
          changedByHand(viewer),
          unknownAccess(viewer, false),
          missingPlaces(viewer),
          unclearPlaces(viewer),
          accounts(viewer),
        ],
        " UNION ALL ",
      );
  return db.$queryRaw<DriftRow[]>`
    SELECT f.id, f.drift, f.at, f.connection, f.kind, f.target, f.person_name AS "personName", f.account, f.before, f.seen,
      f.formerly, f.grant_id AS "grantId", f.kept_until AS "keptUntil", f.kept_by AS "keptBy",
      f.kept_reason AS "keptReason", f.removal_asked_at AS "removalAskedAt", f.tries, f.last_error AS "lastError",
      f.may_decide AS "mayDecide", f.found
    FROM (${all}) AS f (${COLUMNS}) WHERE ${next} ORDER BY f.at DESC, f.id DESC LIMIT ${limit}`;
}

const COLUMNS = Prisma.sql`id, drift, at, connection, kind, target, person_name, account, before, seen, formerly, grant_id,
  kept_until, kept_by, kept_reason, removal_asked_at, tries, last_error, may_decide, found`;
const NOTHING_KEPT = Prisma.sql`NULL::timestamptz, NULL, NULL, NULL::timestamptz, 0, NULL, false`;

export function driftCursor({ at, id }: Pick<DriftRow, "at" | "id">): string {
  return `${at.getTime()}_${id}`;
}

export const DRIFT_CURSOR = /^\d{1,15}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function parsed(cursor: string): { at: Date; id: string } | null {
  if (!DRIFT_CURSOR.test(cursor)) return null;
  const [at = "", id = ""] = cursor.split("_");
  return { at: new Date(Number(at)), id };
}

/** The newest open grant at a binding (`b`) that the viewer watches over: `open`, whose id is null when there is none. */
function openGrant(viewer: Viewer): Prisma.Sql {
  return Prisma.sql`LEFT JOIN LATERAL (SELECT g.id FROM grant_binding gb JOIN access_grant g ON g.id = gb.grant_id
    WHERE gb.binding_id = b.id AND g.closed_at IS NULL AND ${watches(viewer)(Prisma.sql`g.role_id`)}
    ORDER BY g.id DESC LIMIT 1) open ON true`;
}

function changedByHand(viewer: Viewer): Prisma.Sql {
  return Prisma.sql`
    SELECT b.id, b.drift, b.drift_at, b.connection, b.kind, b.target, p.name, a.username, b.confirmed, b.seen, NULL,
      open.id, ${NOTHING_KEPT}, NULL
    FROM binding b
      JOIN person p ON p.id = b.person_id
      LEFT JOIN provider_account a ON a.person_id = b.person_id AND a.connection = b.connection
      ${openGrant(viewer)}
    WHERE b.drift IS NOT NULL AND (${seesAll(viewer)} OR open.id IS NOT NULL)`;
}

/** While a grant holds the same account's access there, the access is the grant's and no finding. */
function unknownAccess(viewer: Viewer, kept: boolean): Prisma.Sql {
  const isKept = Prisma.sql`COALESCE(u.kept_until > (SELECT daypass_now()), false)`;
  return Prisma.sql`
    SELECT u.id, 'unknown-access', u.found_at, m.connection, m.kind, m.target, p.name, u.username, NULL::jsonb,
      jsonb_build_object('state', 'present', 'level', u.level, 'until', u.until), NULL, NULL::uuid, u.kept_until, k.name,
      u.kept_reason, u.removal_asked_at, u.tries, u.last_error,
      u.removal_asked_at IS NULL AND (${viewer.isAdmin} OR ${givenBy(owns(viewer))}), NULL
    FROM unknown_access u
      JOIN managed_place m ON m.id = u.place_id
      LEFT JOIN provider_account a ON a.connection = m.connection AND a.external_id = u.external_id
      LEFT JOIN person p ON p.id = a.person_id
      LEFT JOIN person k ON k.id = u.kept_by_id
    WHERE u.gone_at IS NULL AND ${isKept} = ${kept} AND ${givenBy(watches(viewer))}
      AND NOT is_granted(m.connection, m.kind, m.target, u.external_id)`;
}

function missingPlaces(viewer: Viewer): Prisma.Sql {
  return Prisma.sql`
    SELECT m.id, 'place-missing', m.missing_since, m.connection, m.kind, m.target, NULL, NULL, NULL::jsonb, NULL::jsonb,
      NULL, NULL::uuid, ${NOTHING_KEPT}, NULL
    FROM managed_place m WHERE m.missing_since IS NOT NULL AND ${givenBy(watches(viewer))}`;
}

function unclearPlaces(viewer: Viewer): Prisma.Sql {
  return Prisma.sql`
    SELECT m.id, 'place-unclear', m.unclear_since, m.connection, m.kind, m.target, NULL, NULL, NULL::jsonb, NULL::jsonb,
      NULL, NULL::uuid, ${NOTHING_KEPT}, m.unclear_found
    FROM managed_place m WHERE m.unclear_since IS NOT NULL AND ${givenBy(watches(viewer))}`;
}

/** Accounts under a grant that still lasts: renamed since it began, or not in the directory any more. */
function accounts(viewer: Viewer): Prisma.Sql {
  return Prisma.sql`
    (SELECT DISTINCT ON (b.person_id, b.connection) b.id,
      CASE WHEN a.missing_since IS NULL THEN 'account-renamed' ELSE 'account-missing' END,
      COALESCE(a.missing_since, a.renamed_at), b.connection, NULL, NULL, p.name, a.username, NULL::jsonb, NULL::jsonb,
      a.renamed_from, g.id, ${NOTHING_KEPT}, NULL
    FROM access_grant g
      JOIN grant_binding gb ON gb.grant_id = g.id AND gb.gone_at IS NULL
      JOIN binding b ON b.id = gb.binding_id AND b.intended IS NOT NULL
      JOIN person p ON p.id = b.person_id
      JOIN provider_account a ON a.person_id = b.person_id AND a.connection = b.connection
    WHERE g.closed_at IS NULL AND ${watches(viewer)(Prisma.sql`g.role_id`)}
      AND (a.missing_since IS NOT NULL OR a.renamed_at > g.starts_at)
    ORDER BY b.person_id, b.connection, g.id DESC)`;
}
