import { SYSTEM } from "../domain/actor.ts";
import { ABSENT, nextStep, standingBaseline, type Drift, type Seen } from "../domain/binding.ts";
import { nextTurn } from "../domain/grant.ts";
import type { AccessProvider, Answer } from "../providers/provider.ts";
import type { Tx } from "../db/client.ts";
import { record } from "../db/record.ts";
import { wakeBindings } from "../db/wake.ts";
import { LeaseLost, type Deps } from "./deps.ts";
import { json } from "./lease.ts";
import { caseOf, readBinding, wantedAt, type BindingRow } from "./read-binding.ts";
import { settleShare, takeWhatIsToBegin, type SettledShare } from "./settle-share.ts";
import { settledEntries } from "./settled-entries.ts";
import { writeReceipt } from "./write-receipt.ts";

/** What this look wrote at the provider, and the provider's answer. `before` is what was seen when it was decided. */
export type Written = {
  readonly action: "apply" | "remove" | "restore";
  readonly asked: Seen;
  readonly answer: Answer;
  readonly before: Seen;
  readonly drift: Drift | null;
};

type Lease = { readonly bindingId: string; readonly fence: number };

/**
 * Writes what was seen, and with it the states that it proves: the only place where ACTIVE, ENDED and REVOKED come from.
 * The grants are read again under lock. When they want something else by now nothing is written and the answer is false:
 * look again.
 */
export async function settleBinding(
  lease: Lease,
  look: {
    readonly seen: Seen;
    readonly written: Written | null;
    readonly targetId: string | null;
    readonly provider: AccessProvider;
  },
  { db, workerId, providerNamed }: Deps,
): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const [locked] = await tx.$queryRaw<[{ fence: number; lasts: boolean }]>`
      SELECT lock_binding(id) AS fence, COALESCE(leased_until > clock_timestamp(), false) AS lasts FROM binding
      WHERE id = ${lease.bindingId}::uuid`;
    // A look that is older than its lease proves nothing. After a write of ours a slow provider may take longer to show it.
    if (locked.fence !== lease.fence || !(locked.lasts || look.written)) throw new LeaseLost();
    const binding = await readBinding(tx, lease.bindingId);
    if (!binding) throw new LeaseLost();
    const step = nextStep(caseOf(binding, look.seen, look.provider, look.written !== null));
    if (step.kind !== "settle") return false;

    const isTakenNow = step.drift === "removed-by-hand" && binding.drift !== step.drift;
    const grants = isTakenNow ? binding.grants.map(takeWhatIsToBegin) : binding.grants;
    const shares = grants.map((grant) => settleShare(grant, binding, step.drift !== null));
    await writeBinding(tx, binding, shares, { ...look, drift: step.drift });
    await writeShares(tx, binding, shares);
    if (look.written)
      await writeReceipt(tx, {
        of: { bindingId: binding.id },
        ...look.written,
        readBack: look.seen,
        owedSince: owedWithoutEnd(binding),
        at: binding.now,
        worker: workerId,
      });
    await wakeForEnds(tx, shares, providerNamed, binding.now);
    await record(tx, SYSTEM, binding.now, settledEntries(binding, shares, look.seen, look.written, step.drift));
    return true;
  });
}

/**
 * Where nothing of ours was written, no look is needed to know that nothing of ours is there: intents are stored before the
 * call. Lets go of the grants there that are over, so that neither a place that does not exist nor an account that is gone
 * keeps them open. Gives whether there were any.
 */
export async function letGoUnwritten(lease: Lease, { db, providerNamed }: Deps): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const [locked] = await tx.$queryRaw<[{ fence: number }]>`SELECT lock_binding(${lease.bindingId}::uuid) AS fence`;
    const binding = await readBinding(tx, lease.bindingId);
    if (!binding || locked.fence !== lease.fence || binding.intended !== null || wantedAt(binding)) return false;
    const shares = binding.grants.map((grant) => settleShare(grant, binding, false));
    const over = shares.filter((share) => share.gone && !share.grant.gone);
    if (over.length === 0) return false;
    await writeShares(tx, binding, over);
    await tx.$executeRaw`
      UPDATE binding SET due_at = ${nextDue(binding, shares)}::timestamptz, owed_since = NULL, tries = 0, leased_by = NULL,
        leased_until = NULL
      WHERE id = ${binding.id}::uuid`;
    await wakeForEnds(tx, over, providerNamed, binding.now);
    await record(tx, SYSTEM, binding.now, settledEntries(binding, over, binding.seen ?? ABSENT, null, null));
    return true;
  });
}

type Look = {
  readonly seen: Seen;
  readonly targetId: string | null;
  readonly written: Written | null;
  readonly drift: Drift | null;
  readonly provider: AccessProvider;
};

async function writeBinding(tx: Tx, binding: BindingRow, shares: readonly SettledShare[], look: Look): Promise<void> {
  const { seen, written, drift } = look;
  const now = caseOf(binding, seen, look.provider, written !== null);
  // With nothing of ours left, what stands here is the person's own again, and the next grant records it anew.
  const kept = now.wanted
    ? {
        baseline: standingBaseline(now),
        intended: written?.asked ?? binding.intended ?? seen,
        targetId: look.targetId,
        confirmed: drift === null ? seen : binding.confirmed,
      }
    : { baseline: null, intended: null, targetId: null, confirmed: null };
  await tx.$executeRaw`
    UPDATE binding SET baseline = ${json(kept.baseline)}::jsonb, intended = ${json(kept.intended)}::jsonb,
      target_id = ${kept.targetId}, confirmed = ${json(kept.confirmed)}::jsonb, seen = ${json(seen)}::jsonb, seen_at = ${binding.now},
      drift_at = CASE WHEN ${drift}::text IS NULL THEN NULL WHEN drift = ${drift}::text THEN drift_at
        ELSE ${binding.now}::timestamptz END,
      drift = ${drift}::text, due_at = ${nextDue(binding, shares)}::timestamptz, owed_since = NULL, tries = 0,
      last_error = NULL, leased_by = NULL, leased_until = NULL
    WHERE id = ${binding.id}::uuid`;
}

/** When time alone will next change what is wanted here. */
function nextDue(binding: BindingRow, shares: readonly SettledShare[]): Date | null {
  const turns = shares
    .filter((share) => !share.closes)
    .map(({ grant, state, endsAt }) => nextTurn({ ...grant, state, endsAt: endsAt ?? grant.endsAt }, binding.now))
    .filter((turn) => turn !== null);
  return turns.length > 0 ? new Date(Math.min(...turns.map(Number))) : null;
}

async function writeShares(tx: Tx, binding: BindingRow, shares: readonly SettledShare[]): Promise<void> {
  if (shares.length === 0) return;
  const rows = JSON.stringify(
    shares.map(({ grant, applied, gone, state, closes, endsAt }) => ({
      id: grant.id,
      applied,
      gone,
      taken: grant.taken,
      moved: state !== grant.state || closes,
      state,
      closes,
      endsAt: endsAt?.toISOString() ?? null,
    })),
  );
  await tx.$executeRaw`
    WITH share AS (
      SELECT * FROM jsonb_to_recordset(${rows}::jsonb)
        AS s(id uuid, applied bool, gone bool, taken bool, moved bool, state text, closes bool, "endsAt" timestamptz)
    ), place AS (
      UPDATE grant_binding SET
        applied_at = CASE WHEN share.applied THEN COALESCE(applied_at, ${binding.now}::timestamptz) ELSE applied_at END,
        gone_at = CASE WHEN share.gone THEN COALESCE(gone_at, ${binding.now}::timestamptz) END,
        taken_at = CASE WHEN share.taken THEN COALESCE(taken_at, ${binding.now}::timestamptz) END,
        level = CASE WHEN share.taken THEN NULL ELSE level END
      FROM share WHERE grant_id = share.id AND binding_id = ${binding.id}::uuid
    )
    UPDATE access_grant SET state = share.state, revision = revision + 1,
      active_at = CASE WHEN share."endsAt" IS NULL THEN active_at ELSE ${binding.now}::timestamptz END,
      ends_at = COALESCE(share."endsAt", ends_at),
      closed_at = CASE WHEN share.closes THEN ${binding.now}::timestamptz ELSE closed_at END
    FROM share WHERE access_grant.id = share.id AND share.moved`;
}

/** Where a grant ends its own times tell how late that was; here it is what a narrower role took while grants live. */
function owedWithoutEnd({ grants, owedSince, now }: BindingRow): Date | null {
  return grants.every((grant) => nextTurn(grant, now) !== null) ? owedSince : null;
}

/**
 * A grant that became active ends later than its bindings were told: wakes them for the new end, and at once where the
 * provider's own expiry has to follow.
 */
async function wakeForEnds(
  tx: Tx,
  shares: readonly SettledShare[],
  providerNamed: Deps["providerNamed"],
  now: Date,
): Promise<void> {
  for (const { grant, endsAt } of shares) {
    if (!endsAt) continue;
    await wakeBindings(
      tx,
      grant.bindings.map(({ id }) => id),
      endsAt,
      "removal",
    );
    const late = grant.bindings.filter(({ connection, kind }) => {
      const provider = providerNamed(connection);
      return provider.backstop(kind, endsAt) !== provider.backstop(kind, grant.endsAt);
    });
    await wakeBindings(
      tx,
      late.map(({ id }) => id),
      now,
      "addition",
    );
  }
}
