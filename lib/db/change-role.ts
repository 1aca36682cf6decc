import type { Actor } from "../domain/actor.ts";
import type { Json } from "../domain/change.ts";
import { Refused, orRefuse } from "../domain/refusals.ts";
import { judgeReason, sameSpec, type RoleSpec } from "../domain/role.ts";
import { withoutWidening } from "../domain/widening.ts";
import type { Tx } from "./client.ts";
import { needsFourEyes } from "./four-eyes.ts";
import type { LockedRole } from "./lock-role.ts";
import { proposeWidening } from "./propose-widening.ts";
import { fieldsOf, publishVersion } from "./publish-version.ts";
import { requireKnownGroups } from "./write-role-version.ts";

export type RoleChange = {
  readonly kind: "role.published" | "role.rolled-back";
  readonly spec: RoleSpec;
  readonly reason: string;
  /** The version that is restored, when this is a rollback to one. */
  readonly restores: number | null;
  readonly about?: { readonly [name: string]: Json };
  readonly causeId?: string | null;
  /** What gives more waits even when nobody could approve it now: something else of the same rollback takes effect. */
  readonly waitsAnyway?: boolean;
};

/** The version in force afterwards, and what waits for a second person. */
export type RoleChanged = { readonly version: number; readonly wideningId: string | null };

/**
 * Makes a role say something else. What gives less, or neither more nor less, is in force with this commit; what gives
 * more waits for a second person where that is asked for.
 */
export async function changeRole(tx: Tx, actor: Actor, role: LockedRole, change: RoleChange): Promise<RoleChanged> {
  orRefuse(judgeReason(change.reason), "reason");
  const current = fieldsOf(role.current);
  if (sameSpec(change.spec, current)) throw new Refused("role-unchanged");
  await requireKnownGroups(tx, change.spec, current);

  const atOnce = (await needsFourEyes(tx)) ? withoutWidening(current, change.spec) : change.spec;
  const isWhole = sameSpec(atOnce, change.spec);
  const published = sameSpec(atOnce, current)
    ? null
    : await publishVersion(tx, actor, role, {
        kind: change.kind,
        spec: atOnce,
        reason: change.reason,
        publishedById: actor.personId,
        restores: isWhole ? change.restores : null,
        about: aboutOf(change, isWhole),
        causeId: change.causeId ?? null,
      });
  const now = published?.role ?? role;
  if (isWhole) return { version: now.current.version, wideningId: null };

  const wideningId = await proposeWidening(tx, actor, now, {
    wanted: change.spec,
    reason: change.reason,
    restores: change.restores,
    causeId: published?.changeId ?? change.causeId ?? null,
    waitsAnyway: published !== null || change.waitsAnyway === true,
  });
  return { version: now.current.version, wideningId };
}

function aboutOf({ restores, about = {} }: RoleChange, isWhole: boolean): { readonly [name: string]: Json } {
  return { ...(restores === null ? {} : { restores }), ...(isWhole ? {} : { partly: true }), ...about };
}
