import { providerTime, wantedBy, type BindingCase, type Drift, type Seen, type Wanted } from "../domain/binding.ts";
import type { Level, Place, PlaceKind } from "../domain/entitlement.ts";
import { wantsAccess, type GrantState } from "../domain/grant.ts";
import type { AccessProvider, Account } from "../providers/provider.ts";
import type { Db, Tx } from "../db/client.ts";

/** One grant's share in a binding. Times are Daypass's clock. */
export type GrantShare = {
  readonly id: string;
  readonly requestId: string;
  readonly roleId: string;
  readonly roleSlug: string;
  readonly state: GrantState;
  readonly minutes: number;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly level: Level | null;
  readonly applied: boolean;
  readonly gone: boolean;
  /** A hand took it from this grant. */
  readonly taken: boolean;
  /** Other bindings of the grant that still have to be put in place, or taken away. */
  readonly othersToApply: number;
  readonly othersToGo: number;
  /** All bindings of the grant, for waking them when its end moves. */
  readonly bindings: readonly { readonly id: string; readonly connection: string; readonly kind: PlaceKind }[];
};

export type BindingRow = Place & {
  readonly id: string;
  readonly personId: string;
  readonly personName: string;
  readonly account: Account | null;
  readonly baseline: Seen | null;
  readonly intended: Seen | null;
  /** The provider's own id of the target, while something of ours may be there. */
  readonly targetId: string | null;
  readonly confirmed: Seen | null;
  readonly seen: Seen | null;
  readonly wroteAt: Date | null;
  readonly drift: Drift | null;
  readonly tries: number;
  readonly owedSince: Date | null;
  readonly heldUntil: Date | null;
  /** The connection was throttled just now, and others wait to be removed there. */
  readonly removalsWait: boolean;
  /** The connection was throttled just now, and removals that have been owed for longer have nobody at work on them. */
  readonly olderRemovalsWait: boolean;
  readonly grants: readonly GrantShare[];
  readonly now: Date;
};

type Raw = Omit<BindingRow, "grants" | "account"> & {
  externalId: string | null;
  username: string | null;
  grants: (Omit<GrantShare, "startsAt" | "endsAt"> & { startsAt: number; endsAt: number })[];
};

/**
 * Everything about one binding, fresh. Grants whose last word is written (`closed_at`) are left out. `OFFSET 0` has each grant
 * looked up by its key: a plan of this statement that was made while the table was new would read every open grant.
 */
export async function readBinding(db: Db | Tx, bindingId: string): Promise<BindingRow | null> {
  const [raw] = await db.$queryRaw<Raw[]>`
    SELECT b.id, b.connection, b.kind, b.target, b.target_id AS "targetId", b.person_id AS "personId", p.name AS "personName",
      a.external_id AS "externalId", a.username, b.baseline, b.intended, b.confirmed, b.seen, b.wrote_at AS "wroteAt",
      b.drift, b.tries,
      b.owed_since AS "owedSince", c.held_until AS "heldUntil", daypass_now() AS now,
      throttled.lately AND EXISTS (SELECT 1 FROM binding o
        WHERE o.connection = b.connection AND o.id <> b.id AND o.owed_since IS NOT NULL
          AND o.due_at <= daypass_now() + interval '1 second') AS "removalsWait",
      throttled.lately AND EXISTS (SELECT 1 FROM binding o
        WHERE o.connection = b.connection AND o.owed_since < b.owed_since AND o.due_at <= daypass_now()
          AND (o.leased_until IS NULL OR o.leased_until < clock_timestamp())) AS "olderRemovalsWait",
      COALESCE((SELECT json_agg(json_build_object(
        'id', g.id, 'requestId', g.request_id, 'roleId', g.role_id, 'roleSlug', r.slug, 'state', g.state,
        'minutes', g.minutes, 'startsAt', extract(epoch FROM g.starts_at) * 1000,
        'endsAt', extract(epoch FROM g.ends_at) * 1000, 'level', gb.level, 'applied', gb.applied_at IS NOT NULL,
        'gone', gb.gone_at IS NOT NULL, 'taken', gb.taken_at IS NOT NULL, 'othersToApply', o.to_apply, 'othersToGo', o.to_go, 'bindings', o.bindings))
        FROM grant_binding gb
          CROSS JOIN LATERAL (SELECT * FROM access_grant WHERE id = gb.grant_id AND closed_at IS NULL OFFSET 0) g
          JOIN role r ON r.id = g.role_id
          CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE x.binding_id <> b.id AND x.level IS NOT NULL AND x.applied_at IS NULL)
                AS to_apply,
              count(*) FILTER (WHERE x.binding_id <> b.id AND x.gone_at IS NULL) AS to_go,
              json_agg(json_build_object('id', y.id, 'connection', y.connection, 'kind', y.kind)) AS bindings
            FROM grant_binding x JOIN binding y ON y.id = x.binding_id WHERE x.grant_id = g.id) o
        WHERE gb.binding_id = b.id), '[]') AS grants
    FROM binding b
      JOIN person p ON p.id = b.person_id
      LEFT JOIN provider_account a ON a.person_id = b.person_id AND a.connection = b.connection
      LEFT JOIN connection c ON c.name = b.connection
      CROSS JOIN LATERAL (SELECT COALESCE(c.held_until > daypass_now() - interval '10 seconds', false) AS lately) throttled
    WHERE b.id = ${bindingId}::uuid`;
  if (!raw) return null;
  const { externalId, username, grants, ...row } = raw;
  return {
    ...row,
    account: externalId !== null && username !== null ? { externalId, username } : null,
    grants: grants.map((grant) => ({
      ...grant,
      startsAt: new Date(grant.startsAt),
      endsAt: new Date(grant.endsAt),
    })),
  };
}

/** Whether this grant wants this binding to hold now. */
export function wantsBinding(grant: GrantShare, now: Date): grant is GrantShare & { level: Level } {
  return grant.level !== null && wantsAccess(grant, now);
}

export function wantedAt(binding: BindingRow): Wanted {
  return wantedBy(
    binding.kind,
    binding.grants.filter((grant) => wantsBinding(grant, binding.now)),
  );
}

/** Within this time every look shows our last write, from whichever copy of its data a provider answers. */
const CONSISTENT_AFTER_MS = 60_000;

/** The binding as the next-step rule looks at it. `answered`: this look wrote, got an answer and read `seen` back. */
export function caseOf(binding: BindingRow, seen: Seen, provider: AccessProvider, answered: boolean): BindingCase {
  const wanted = wantedAt(binding);
  return {
    kind: binding.kind,
    wanted,
    backstop: wanted ? provider.backstop(binding.kind, wanted.endsAt) : null,
    activating: binding.grants.some((grant) => wantsBinding(grant, binding.now) && !grant.applied),
    // A first look comes before any grant of ours could have changed anything: what is seen then is the baseline.
    baseline: binding.baseline ?? (wanted ? seen : null),
    intended: binding.intended,
    confirmed: binding.confirmed,
    seen,
    lastSeen: binding.seen,
    answered,
    lags: binding.wroteAt !== null && binding.now.getTime() - binding.wroteAt.getTime() < CONSISTENT_AFTER_MS,
    providerNow: providerTime(binding.kind, binding.now),
  };
}
