import type { Seen } from "../../domain/binding.ts";
import type { Level, PlaceKind } from "../../domain/entitlement.ts";
import type { GrantState } from "../../domain/grant.ts";
import type { RequestState } from "../../domain/request.ts";
import { HOLDERS, PLACES } from "./company.ts";
import { everySpot, spotKey } from "./provider-world.ts";

/** All rows that promises are about, as they stand after one step. Times are milliseconds of Daypass's clock. */
export type Rows = {
  readonly now: number;
  readonly head: { readonly seq: number; readonly hash: string };
  readonly unchained: number;
  /** Whether each person is deactivated. */
  readonly people: Readonly<Record<string, boolean>>;
  readonly roles: Readonly<Record<string, number>>;
  readonly requests: readonly RequestRow[];
  readonly grants: readonly GrantRow[];
  readonly shares: readonly ShareRow[];
  readonly bindings: readonly BindingRow[];
  readonly receipts: readonly { readonly id: string; readonly bindingId: string; readonly worker: string }[];
  readonly changes: readonly ChangeRow[];
};

export type RequestRow = {
  readonly id: string;
  readonly state: RequestState;
  readonly roleId: string;
  readonly requesterId: string;
};

export type GrantRow = {
  readonly id: string;
  readonly personId: string;
  readonly state: GrantState;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly closed: boolean;
  /** It was approved to begin later. */
  readonly isLater: boolean;
};

export type ShareRow = {
  readonly grantId: string;
  readonly bindingId: string;
  readonly level: Level | null;
  readonly applied: boolean;
  readonly gone: boolean;
};

export type BindingRow = {
  readonly id: string;
  readonly personId: string;
  readonly kind: PlaceKind;
  readonly target: string;
  readonly baseline: Seen | null;
  readonly intended: Seen | null;
  readonly confirmed: Seen | null;
  readonly drift: string | null;
  readonly dueAt: number | null;
  readonly leasedBy: string | null;
  /** Of the machine's clock. */
  readonly leasedUntil: number | null;
  readonly fence: number;
  readonly seenAt: number | null;
};

export type ChangeRow = {
  readonly seq: number;
  readonly kind: string;
  readonly grantId: string | null;
  readonly requestId: string | null;
  readonly roleId: string | null;
  readonly personId: string | null;
  readonly body: string;
  readonly prevHash: string;
  readonly hash: string;
};

/** One share with its grant. */
export type Claim = ShareRow & Pick<GrantRow, "state" | "startsAt" | "endsAt" | "closed" | "isLater">;

/** The binding and the shares at each spot. Spots that no grant ever reached are left out. */
export type Spots = ReadonlyMap<string, { readonly binding: BindingRow; readonly claims: readonly Claim[] }>;

export function spotsIn(rows: Rows): Spots {
  const grants = new Map(rows.grants.map((grant) => [grant.id, grant]));
  const shares = Map.groupBy(rows.shares, (share) => share.bindingId);
  return new Map(
    everySpot().flatMap((spot) => {
      const person = HOLDERS[spot.who];
      const place = PLACES[spot.place];
      const binding = rows.bindings.find(
        ({ personId, kind, target }) => personId === person?.id && kind === place?.kind && target === place.target,
      );
      if (!binding) return [];
      const claims = (shares.get(binding.id) ?? []).flatMap((share): Claim[] => {
        const grant = grants.get(share.grantId);
        return grant ? [{ ...grant, ...share }] : [];
      });
      return [[spotKey(spot), { binding, claims }] as const];
    }),
  );
}
