import { v7 as newId } from "uuid";
import type { Actor } from "../domain/actor.ts";
import { Refused, orRefuse } from "../domain/refusals.ts";
import { judgeReason, sameSpec } from "../domain/role.ts";
import { withoutWidening } from "../domain/widening.ts";
import type { Db, Tx } from "../db/client.ts";
import { changeRole, type RoleChanged } from "../db/change-role.ts";
import { durably } from "../db/durably.ts";
import { lockFourEyes, writeFourEyes } from "../db/four-eyes.ts";
import { Prisma } from "../db/generated/client.ts";
import { lockRoles, type LockedRole } from "../db/lock-role.ts";
import { databaseNow } from "../db/now.ts";
import {
  planRollback,
  rolesAimedAt,
  type Aim,
  type Choices,
  type RoleTarget,
  type RollbackPlan,
} from "../db/plan-rollback.ts";
import { proposeSwitchingOff } from "../db/propose-widening.ts";
import { fieldsOf } from "../db/publish-version.ts";
import { record, type Entry } from "../db/record.ts";

export type RollBack = {
  readonly aim: Aim;
  readonly reason: string;
  /** What the preview was made against; left out, whatever is so now. */
  readonly basis?: string | undefined;
  readonly choices?: Choices | undefined;
};

export type RolledBack = {
  /** The entry of the history that this rollback is; it can itself be rolled back. */
  readonly seq: number;
  readonly roles: readonly (RoleChanged & { readonly slug: string })[];
  /** Doing without the second person again waits for one. */
  readonly fourEyesWideningId: string | null;
};

/**
 * Rolls back one change, or everything that is configured to how it was right after one. Live access only narrows, and
 * at once; what would give more waits for a second person where that is asked for. Nothing that ended comes back.
 */
export async function rollBack(actor: Actor, input: RollBack, { db }: { db: Db }): Promise<RolledBack> {
  if (!actor.isAdmin) throw new Refused("not-allowed");
  orRefuse(judgeReason(input.reason), "reason");
  const id = newId();
  const done = await durably(db, async (tx) => {
    const locked = await lockAimedAt(tx, input.aim);
    const plan = await planRollback(tx, input.aim, input.choices ?? {});
    judgePlan(plan, input.basis);
    return carryOut(tx, actor, { id, plan, locked, reason: input.reason });
  });
  const { seq } = await db.change.findUniqueOrThrow({ where: { id }, select: { seq: true } });
  return { seq: Number(seq), ...done };
}

async function lockAimedAt(tx: Tx, aim: Aim): Promise<LockedRole[]> {
  await lockFourEyes(tx);
  const ids = await rolesAimedAt(tx, aim);
  return lockRoles(tx, ids === null ? Prisma.sql`true` : Prisma.sql`id = ANY(${[...ids]}::uuid[])`);
}

function judgePlan(plan: RollbackPlan, basis: string | undefined): void {
  if (basis !== undefined && basis !== plan.basis) throw new Refused("preview-stale");
  const undecided = plan.roles.some(({ conflicts }) => conflicts.some(({ choice }) => choice === null));
  if (undecided) throw new Refused("conflict-undecided", "choices");
  if (plan.fourEyes === null && !plan.roles.some(isDifferent)) throw new Refused("nothing-to-roll-back");
}

function isDifferent({ current, target }: RoleTarget): boolean {
  return !sameSpec(target, fieldsOf(current));
}

type Work = {
  readonly id: string;
  readonly plan: RollbackPlan;
  readonly locked: readonly LockedRole[];
  readonly reason: string;
};

async function carryOut(tx: Tx, actor: Actor, { id, plan, locked, reason }: Work): Promise<Omit<RolledBack, "seq">> {
  const now = await databaseNow(tx);
  const targets = plan.roles.filter(isDifferent);
  await record(tx, actor, now, [{ ...umbrella(plan, targets), id, why: reason }]);

  // First, so that the roles already go by it when it is asked for again.
  const waitsAnyway = targets.some(narrows) || plan.fourEyes === true;
  const switching = { reason, causeId: id, waitsAnyway };
  if (plan.fourEyes === true) await writeFourEyes(tx, actor, now, { needed: true, ...switching });
  const fourEyesWideningId = plan.fourEyes === false ? await proposeSwitchingOff(tx, actor, now, switching) : null;

  const roles = [];
  for (const target of targets) {
    const role = locked.find((one) => one.id === target.roleId);
    if (!role) throw new Refused("preview-stale");
    const changed = await changeRole(tx, actor, role, {
      kind: "role.rolled-back",
      spec: target.target,
      reason,
      restores: target.restores,
      about: plan.aim.kind === "change" ? { undoes: plan.aim.seq } : {},
      causeId: id,
      waitsAnyway,
    });
    roles.push({ slug: target.slug, ...changed });
  }
  return { roles, fourEyesWideningId };
}

function narrows({ current, target }: RoleTarget): boolean {
  return !sameSpec(withoutWidening(fieldsOf(current), target), fieldsOf(current));
}

function umbrella({ aim, at }: RollbackPlan, targets: readonly RoleTarget[]): Entry {
  const [only, ...others] = targets;
  const roleId = only && others.length === 0 ? only.roleId : null;
  if (aim.kind === "change") return { kind: "rollback.change", about: { undoes: aim.seq }, roleId };
  return { kind: "rollback.point", about: { to: aim.seq, at: at.toISOString() }, roleId };
}
