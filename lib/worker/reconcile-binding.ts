import { ABSENT, nextStep, sameSeen, standingBaseline, type Seen, type Step } from "../domain/binding.ts";
import { compareLevels, type PlaceKind } from "../domain/entitlement.ts";
import { ProviderRefused, type AccessProvider, type Account } from "../providers/provider.ts";
import { advanceGrants } from "./advance-grants.ts";
import { giveWayToOlderRemovals, giveWayToRemovals, spendRemoval } from "./budget.ts";
import { LeaseLost, type Deps, type Outcome } from "./deps.ts";
import { inTurn } from "./in-turn.ts";
import { NotNow } from "./not-now.ts";
import { MayBeOld, NotSeenYet, observeUntil } from "./observe-until.ts";
import { failActivation, postpone } from "./postpone.ts";
import { caseOf, readBinding, wantedAt, type BindingRow } from "./read-binding.ts";
import { inTimeAfter } from "./send-in-time.ts";
import { letGoUnwritten, settleBinding, type Written } from "./settle-binding.ts";
import { storeIntent, takeLease } from "./lease.ts";

/** How often one call may find that wishes or the world moved under it before it leaves the rest to the next wake-up. */
const STEPS_MAX = 6;

/** Takes only an id and reads the rest fresh, so a late, doubled or lost wake-up changes nothing. */
export async function reconcileBinding(bindingId: string, deps: Deps): Promise<Outcome> {
  return reconcile(await takeLease(deps.db, bindingId, deps.workerId), bindingId, deps);
}

/** For those who were told that something is due here: when others did it meanwhile nobody is asked about it again. */
export async function reconcileIfDue(bindingId: string, deps: Deps): Promise<Outcome> {
  return reconcile(await takeLease(deps.db, bindingId, deps.workerId, "due"), bindingId, deps);
}

async function reconcile(fence: number | null, bindingId: string, deps: Deps): Promise<Outcome> {
  if (fence === null) return { kind: "busy" };
  const lease = { bindingId, fence };
  try {
    return await takeSteps(lease, deps);
  } catch (error) {
    if (error instanceof LeaseLost) return { kind: "busy" };
    if (error instanceof ProviderRefused && (await failActivation(lease, error, deps)))
      return { kind: "look-again", afterMs: 0, error: error.message };
    if (!(error instanceof NotNow) && (await letGoUnwritten(lease, deps))) return { kind: "settled" };
    return await postpone(lease, error, deps);
  }
}

type Lease = { readonly bindingId: string; readonly fence: number };

async function takeSteps(lease: Lease, deps: Deps): Promise<Outcome> {
  let written: Written | null = null;
  let seen: Seen | null = null;
  let targetId: string | null = null;
  for (let steps = 0; steps < STEPS_MAX; steps += 1) {
    const fresh = await readFresh(lease.bindingId, deps);
    keepPause(fresh);
    giveWayToOlderRemovals(fresh);
    const provider = deps.providerNamed(fresh.connection);
    targetId ??= await targetIdOf(fresh, provider);
    const binding = { ...fresh, targetId };
    const account = accountOf(binding);
    seen ??= await provider.observe(account, binding);

    const step = nextStep(caseOf(binding, seen, provider, written !== null));
    if (step.kind === "wait") return await postpone(lease, new MayBeOld(), deps);
    if (step.kind !== "settle") {
      if (step.kind === "apply" && step.drift === "removed-by-hand" && (await dropTakenShares(lease, deps))) continue;
      const writing: Writing = { binding, account, provider, step, seen, answered: written !== null };
      ({ written, seen } = await inTurn(binding, deps, () => writeAndReadBack(lease, writing, deps)));
      if (!sameSeen(seen, written.asked)) return await postpone(lease, new NotSeenYet(), deps);
    }
    if (await settleBinding(lease, { seen, written, targetId, provider }, deps)) return { kind: "settled" };
  }
  return await postpone(lease, new NotSeenYet(), deps);
}

/** Reads the binding, after moving every grant whose time has come. */
async function readFresh(bindingId: string, { db }: Deps): Promise<BindingRow> {
  const binding = await readBindingOrThrow(bindingId, db);
  const isTurn = binding.grants.some(
    (grant) =>
      (grant.state === "SCHEDULED" && grant.startsAt <= binding.now) ||
      ((grant.state === "ACTIVE" || grant.state === "ACTIVATING") && grant.endsAt <= binding.now),
  );
  if (!isTurn) return binding;
  await advanceGrants(db);
  return readBindingOrThrow(bindingId, db);
}

async function readBindingOrThrow(bindingId: string, db: Deps["db"]): Promise<BindingRow> {
  const binding = await readBinding(db, bindingId);
  if (!binding) throw new Error(`no binding ${bindingId}`);
  return binding;
}

/** The provider asked for a pause; every worker keeps it. @throws NotNow */
function keepPause({ heldUntil, now }: BindingRow): void {
  if (heldUntil && heldUntil > now)
    throw new NotNow("The provider asked for a pause", heldUntil.getTime() - now.getTime());
}

function accountOf(binding: BindingRow): Account {
  if (!binding.account) throw new Error(`${binding.personName} has no account at ${binding.connection}`);
  return binding.account;
}

/** Where nothing of ours is yet it goes by the name, this once. */
function targetIdOf(binding: BindingRow, provider: AccessProvider): Promise<string | null> {
  const begins = binding.intended === null && wantedAt(binding) !== null;
  return begins ? provider.locate(binding) : Promise.resolve(binding.targetId);
}

type Writing = {
  readonly binding: BindingRow;
  readonly account: Account;
  readonly provider: AccessProvider;
  readonly step: Exclude<Step, { kind: "settle" | "wait" }>;
  readonly seen: Seen;
  readonly answered: boolean;
};

/**
 * A hand took this place from every grant that had it. When a grant that was approved since asks for it, the others do
 * not get it back with it. Nor does one that was approved to begin later and begins before the removal was noted: it may
 * have been approved before the hand. Gives whether there were any: then what is wanted is different, and must be read
 * again.
 */
async function dropTakenShares({ bindingId, fence }: Lease, { db }: Deps): Promise<boolean> {
  const dropped = await db.$executeRaw`
    UPDATE grant_binding gb SET level = NULL, taken_at = daypass_now()
    FROM binding b, access_grant g JOIN access_request q ON q.id = g.request_id
    WHERE b.id = ${bindingId}::uuid AND b.fence = ${fence} AND gb.binding_id = b.id AND g.id = gb.grant_id
      AND gb.gone_at IS NULL AND gb.level IS NOT NULL AND (gb.applied_at IS NOT NULL
        OR g.starts_at > q.closed_at AND b.drift IS DISTINCT FROM 'removed-by-hand') AND commit_soon()`;
  return dropped > 0;
}

/** Whether it takes something away though something stays: a narrower role, or the higher of two grants ended. */
function lowers(kind: PlaceKind, seen: Seen, asked: Seen): boolean {
  return seen.state === "present" && asked.state === "present" && compareLevels(kind, asked.level, seen.level) < 0;
}

async function writeAndReadBack(
  lease: Lease,
  { binding, account, provider, step, seen, answered }: Writing,
  deps: Deps,
): Promise<{ written: Written; seen: Seen }> {
  const asked: Seen = step.kind === "apply" ? { state: "present", ...step.standing } : ABSENT;
  const gives = step.kind === "apply" && !step.restores && !lowers(binding.kind, seen, asked);
  if (gives) giveWayToRemovals(provider, binding.removalsWait);
  if (step.kind === "remove") await spendRemoval(deps.db, provider, binding);
  await inTimeAfter(() =>
    storeIntent(deps.db, lease, {
      baseline: standingBaseline(caseOf(binding, seen, provider, answered)) ?? seen,
      intended: asked,
      targetId: binding.targetId,
      owedSince: gives ? null : (binding.owedSince ?? binding.now),
    }),
  );

  const answer =
    step.kind === "apply"
      ? await provider.apply(account, binding, step.standing)
      : await provider.remove(account, binding);
  const action = step.kind === "remove" ? "remove" : step.restores ? "restore" : "apply";
  const after = await observeUntil(asked, () => provider.observe(account, binding), deps);
  return { written: { action, asked, answer, before: seen, drift: step.drift }, seen: after };
}
