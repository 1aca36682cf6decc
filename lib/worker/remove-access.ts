import { SYSTEM } from "../domain/actor.ts";
import { ABSENT, sameSeen } from "../domain/binding.ts";
import type { Place } from "../domain/entitlement.ts";
import type { Account, Answer } from "../providers/provider.ts";
import { accessEntries, accessSeen, readAccessCase } from "../db/read-access-case.ts";
import { record } from "../db/record.ts";
import { spendRemoval } from "./budget.ts";
import { freeBinding, holdBinding, noteRemoval, noteSending, type Held } from "./hold-binding.ts";
import { LeaseLost, type Deps } from "./deps.ts";
import { inTurn } from "./in-turn.ts";
import { LEASE_SECONDS } from "./lease.ts";
import { NotNow } from "./not-now.ts";
import { NotSeenYet, observeUntil } from "./observe-until.ts";
import { noteConnection, triesSpent, waitAfter } from "./postpone.ts";
import { inTimeAfter } from "./send-in-time.ts";
import { writeReceipt } from "./write-receipt.ts";

const BATCH = 100;
/** A grant that holds the place may last; until it is over the account's access is the grant's. */
const WHILE_GRANTED_MS = 60_000;

type Asked = Place & {
  readonly id: string;
  readonly account: Account;
  readonly fence: number;
  readonly askedAt: Date;
  readonly isHeld: boolean;
};

/** Takes away access behind no grant that somebody does not want to stay, as far as it is due. Gives how many were tried. */
export async function sweepAccessRemovals(deps: Deps): Promise<number> {
  const due = await deps.db.$queryRaw<{ id: string }[]>`
    SELECT id FROM unknown_access
    WHERE due_at <= (SELECT daypass_now()) AND (leased_until IS NULL OR leased_until < clock_timestamp())
    ORDER BY removal_asked_at LIMIT ${BATCH}`;
  for (const { id } of due) await removeAccess(id, deps);
  return due.length;
}

/**
 * Takes only an id and reads the rest fresh. Gone is written only after a look showed it; what comes to nothing is tried
 * again, without end.
 */
export async function removeAccess(accessId: string, deps: Deps): Promise<void> {
  const asked = await takeLease(accessId, deps);
  if (!asked) return;
  try {
    await removeAndLook(asked, deps);
  } catch (error) {
    if (!(error instanceof LeaseLost)) await tryAgain(asked, error, deps);
  }
}

async function takeLease(accessId: string, { db }: Deps): Promise<Asked | null> {
  const [row] = await db.$queryRaw<(Omit<Asked, "account"> & Account)[]>`
    UPDATE unknown_access u SET fence = u.fence + 1,
      leased_until = clock_timestamp() + ${LEASE_SECONDS} * interval '1 second'
    FROM managed_place m LEFT JOIN connection c ON c.name = m.connection
    WHERE m.id = u.place_id AND u.id = ${accessId}::uuid AND u.due_at IS NOT NULL AND u.gone_at IS NULL
      AND (u.leased_until IS NULL OR u.leased_until < clock_timestamp())
    RETURNING u.id, u.fence, m.connection, m.kind, m.target, u.external_id AS "externalId", u.username,
      u.removal_asked_at AS "askedAt",
      COALESCE(c.held_until > daypass_now(), false) AS "isHeld"`;
  if (!row) return null;
  const { externalId, username, ...rest } = row;
  return { ...rest, account: { externalId, username } };
}

/**
 * The reconciler may not look at the same account at the same place meanwhile: it would take what is being removed for
 * what was there before its grant, and put it back at the end.
 */
async function removeAndLook(asked: Asked, deps: Deps): Promise<void> {
  if (asked.isHeld) throw new NotNow("The provider asked for a pause", 1_000);
  const held = await holdBinding(asked, deps);
  if (held.kind === "busy") throw new NotNow("The worker is busy with a grant of the same account here", 1_000);
  try {
    if (held.kind === "granted")
      throw new NotNow("A grant holds this access now; it is removed when the grant is over", WHILE_GRANTED_MS);
    const answer = await inTurn(asked, deps, () => writeAndReadBack(asked, held, deps));
    await noteRemoval(held, deps);
    await settle(asked, answer, deps);
  } finally {
    await freeBinding(held, deps);
  }
}

/** The write comes before any look: access at a level that Daypass does not know can be taken away, but not understood. */
async function writeAndReadBack({ account, ...place }: Asked, held: Held, deps: Deps): Promise<Answer> {
  const provider = deps.providerNamed(place.connection);
  await spendRemoval(deps.db, provider, place);
  await inTimeAfter(async () => {
    await renewLease(place, deps);
    await noteSending(held, deps);
  });
  const answer = await provider.remove(account, place);
  const seen = await observeUntil(ABSENT, () => provider.observe(account, place), deps);
  if (!sameSeen(seen, ABSENT)) throw new NotSeenYet();
  return answer;
}

/** @throws LeaseLost when it is over, even when nobody has taken it */
async function renewLease({ id, fence }: Pick<Asked, "id" | "fence">, { db }: Deps): Promise<void> {
  const renewed = await db.$executeRaw`
    UPDATE unknown_access SET leased_until = clock_timestamp() + ${LEASE_SECONDS} * interval '1 second'
    WHERE id = ${id}::uuid AND fence = ${fence} AND leased_until > clock_timestamp()`;
  if (renewed !== 1) throw new LeaseLost();
}

async function settle({ id, fence, askedAt }: Asked, answer: Answer, { db, workerId: worker }: Deps): Promise<void> {
  await db.$transaction(async (tx) => {
    const access = await readAccessCase(tx, id);
    const { count } = await tx.unknownAccess.updateMany({
      where: { id, fence },
      data: { goneAt: access?.now ?? null, dueAt: null, tries: 0, lastError: null, leasedUntil: null },
    });
    if (!access || count !== 1) throw new LeaseLost();
    const { removalReason, removalCauseId } = await tx.unknownAccess.findUniqueOrThrow({ where: { id } });
    const proof = { asked: ABSENT, answer, readBack: ABSENT, owedSince: askedAt, at: access.now, worker } as const;
    const receipt = await writeReceipt(tx, { of: { accessId: id }, action: "remove", ...proof });
    const entries = accessEntries(access, {
      kind: "access.removed",
      about: { answer: `${answer.status} ${answer.words}`, receipt },
      why: removalReason,
      causeId: removalCauseId,
      before: accessSeen(access),
      after: { state: "absent" },
    });
    await record(tx, SYSTEM, access.now, entries);
  });
}

async function tryAgain({ id, fence, connection }: Asked, error: unknown, deps: Deps): Promise<void> {
  const words = error instanceof Error ? error.message : String(error);
  await noteConnection(connection, error, words, deps);
  const [row] = await deps.db.$queryRaw<{ tries: number }[]>`
    UPDATE unknown_access SET tries = tries + ${triesSpent(error)}::int, last_error = ${words.slice(0, 500)}
    WHERE id = ${id}::uuid AND fence = ${fence} RETURNING tries`;
  if (!row) return;
  await deps.db.$executeRaw`
    UPDATE unknown_access SET leased_until = NULL,
      due_at = daypass_now() + ${waitAfter(error, row.tries)} * interval '1 millisecond'
    WHERE id = ${id}::uuid AND fence = ${fence}`;
}
