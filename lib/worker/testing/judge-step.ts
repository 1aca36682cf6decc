import { createHash } from "node:crypto";
import { ABSENT, sameSeen, type Seen } from "../../domain/binding.ts";
import type { GrantState } from "../../domain/grant.ts";
import { gives, rank, wantsNow } from "./expectation.ts";
import { recordAt, type Hands } from "./hands.ts";
import { everySpot, saySpot, sayStanding, spotKey } from "./provider-world.ts";
import type { ChangeRow, Claim, GrantRow, Rows, Spots } from "./rows.ts";

/** The world at one moment: the rows, and what is true at the providers. */
export type Snapshot = {
  readonly rows: Rows;
  readonly spots: Spots;
  readonly truth: ReadonlyMap<string, Seen>;
};

export type Step = {
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** Set when a worker took the step; its lease is what it holds by what it saw itself. */
  readonly worker: { readonly name: string; readonly leases: ReadonlyMap<string, number> } | null;
  readonly hands: Hands;
  /** Spots that the provider's own expiry emptied. What was there is nobody's fault. */
  readonly expired: ReadonlySet<string>;
};

/** A promise that was broken: which, and how. */
export type Broken = { readonly promise: string; readonly words: string };

type Check = (step: Step) => Iterable<Broken>;

/** Everything that holds after every single step, whatever happened. An empty list is what the product stands for. */
export function judgeStep(step: Step): Broken[] {
  return CHECKS.flatMap((check) => [...check(step)]);
}

const CHECKS: readonly Check[] = [
  intentComesFirst,
  nothingIsForgotten,
  overlapsAreKept,
  standingAccessIsKept,
  handsAreRespected,
  statesAreTrue,
  onlyHoldersSettle,
  stateAndStoryAgree,
  chainHolds,
  nothingWidens,
  deactivatedMeansNothing,
];

/** Whatever a worker changes at a provider was on record before. */
function* intentComesFirst({ before, after, worker, expired }: Step): Iterable<Broken> {
  if (!worker) return;
  for (const spot of everySpot()) {
    const key = spotKey(spot);
    const seen = at(after.truth, key);
    if (sameSeen(at(before.truth, key), seen)) continue;
    const intended = before.spots.get(key)?.binding.intended;
    if (intended && sameSeen(intended, seen)) continue;
    if (expired.has(key) && seen.state === "absent") continue;
    const words = `${saySpot(spot)} became ${sayStanding(seen)}, on record was ${intended ? sayStanding(intended) : "nothing"}`;
    yield { promise: "the intent is stored before the call", words };
  }
}

/** What Daypass put somewhere has a row that owes its removal, and the sweep will find that row (rule 1). */
function* nothingIsForgotten({ after, hands }: Step): Iterable<Broken> {
  for (const spot of everySpot()) {
    const key = spotKey(spot);
    const seen = at(after.truth, key);
    const { standings, touched } = recordAt(hands, key);
    if (isAmong(seen, [ABSENT, ...standings]) || touched.length > 0) continue;
    const { binding, claims = [] } = after.spots.get(key) ?? {};
    const open = claims.filter((claim) => !claim.closed);
    const isFound = binding !== undefined && (binding.dueAt !== null || binding.leasedBy !== null);
    if (binding?.intended && open.length > 0 && isFound) continue;
    const words = `${saySpot(spot)} has ${sayStanding(seen)}, which no row answers for`;
    yield { promise: "no access without a live grant", words };
  }
}

/** Every grant that is in force has at least its level wherever it was read back (rule 3). */
function* overlapsAreKept(step: Step): Iterable<Broken> {
  const { after, hands, expired } = step;
  for (const spot of everySpot()) {
    const key = spotKey(spot);
    if (recordAt(hands, key).touched.length > 0 || expired.has(key)) continue;
    const seen = at(after.truth, key);
    for (const claim of after.spots.get(key)?.claims ?? []) {
      if (!claim.applied || claim.gone || !wantsNow(claim, after.rows.now)) continue;
      if (gives(seen, claim.level)) continue;
      const words = `${saySpot(spot)} has ${sayStanding(seen)}, though a grant gives ${claim.level ?? ""} there`;
      yield { promise: "overlaps are safe", words };
    }
  }
}

/** What a person had before is never lowered or taken (rule 4). */
function* standingAccessIsKept({ after, hands, expired }: Step): Iterable<Broken> {
  for (const spot of everySpot()) {
    const key = spotKey(spot);
    const { standings, touched } = recordAt(hands, key);
    const seen = at(after.truth, key);
    const isKept = standings.some((one) => one.state === "absent" || gives(seen, one.level));
    if (isKept || touched.length > 0 || expired.has(key)) continue;
    const words = `${saySpot(spot)} has ${sayStanding(seen)}, before Daypass it was ${standings.map(sayStanding).join(" or ")}`;
    yield { promise: "standing access survives", words };
  }
}

/** What a hand took from grants comes back only for a grant that did not have it then (rule 5). */
function* handsAreRespected({ before, after, worker, hands }: Step): Iterable<Broken> {
  if (!worker) return;
  for (const spot of everySpot()) {
    const key = spotKey(spot);
    const { removedFrom } = recordAt(hands, key);
    if (!removedFrom || at(before.truth, key).state === "present" || at(after.truth, key).state === "absent") continue;
    const live = (before.spots.get(key)?.claims ?? []).filter((claim) => wantsNow(claim, before.rows.now));
    if (live.length === 0 || live.some((claim) => !removedFrom.has(claim.grantId))) continue;
    const words = `${saySpot(spot)} was taken away by hand and given again`;
    yield { promise: "what a hand removes stays removed", words };
  }
}

/** ACTIVE, ENDED and REVOKED are written when they are so (rule 2). */
function* statesAreTrue(step: Step): Iterable<Broken> {
  for (const { was, grant } of movedGrants(step)) {
    const isOver = isLastWord(grant) && !isLastWord(was);
    const isActive = grant.state === "ACTIVE" && was?.state !== "ACTIVE";
    if (!isOver && !isActive) continue;
    for (const spot of everySpot()) {
      const { claims = [] } = step.after.spots.get(spotKey(spot)) ?? {};
      const own = claims.find((claim) => claim.grantId === grant.id);
      const lie = own && (isOver ? leftOver(step, spot, claims) : missing(step, spot, own));
      if (lie) yield { promise: "the status is true", words: `a grant is called ${grant.state}, but ${lie}` };
    }
  }
}

function isLastWord(grant: Pick<GrantRow, "state" | "closed"> | undefined): boolean {
  return grant !== undefined && (grant.closed || grant.state === "ENDED" || grant.state === "REVOKED");
}

function leftOver({ after, hands, expired }: Step, spot: Spot, claims: readonly Claim[]): string | null {
  const key = spotKey(spot);
  const { standings, touched } = recordAt(hands, key);
  // What another grant wants there is that one's affair.
  if (claims.some((claim) => !isLastWord(claim)) || expired.has(key)) return null;
  const seen = at(after.truth, key);
  return isAmong(seen, [...standings, ...touched]) ? null : `${saySpot(spot)} has ${sayStanding(seen)}`;
}

function missing({ after, hands, expired }: Step, spot: Spot, { level }: Claim): string | null {
  const key = spotKey(spot);
  if (level === null || recordAt(hands, key).touched.length > 0 || expired.has(key)) return null;
  const seen = at(after.truth, key);
  return gives(seen, level) ? null : `${saySpot(spot)} has ${sayStanding(seen)}, not ${level}`;
}

/** A worker whose lease was taken over settles nothing. */
function* onlyHoldersSettle({ before, after, worker }: Step): Iterable<Broken> {
  for (const { id, bindingId, worker: by } of after.rows.receipts.slice(before.rows.receipts.length)) {
    const held = worker?.leases.get(bindingId);
    const fence = before.rows.bindings.find((binding) => binding.id === bindingId)?.fence;
    if (worker?.name === by && held === fence) continue;
    yield { promise: "a lost lease settles nothing", words: `receipt ${id} by ${by} with fence ${held}, not ${fence}` };
  }
  for (const binding of after.rows.bindings) {
    const was = before.rows.bindings.find(({ id }) => id === binding.id);
    if (!was || was.seenAt === binding.seenAt || worker?.leases.get(binding.id) === was.fence) continue;
    yield { promise: "a lost lease settles nothing", words: `${binding.target} was settled without its lease` };
  }
}

/** What moved is told in the same transaction, and nothing is told that did not move (rule 11). */
function* stateAndStoryAgree(step: Step): Iterable<Broken> {
  const { before, after } = step;
  const promise = "state and story are one";
  const told = newChanges(step);
  for (const { was, grant } of movedGrants(step)) {
    if (was?.state === grant.state) continue;
    const kinds = STORY_OF[grant.state];
    if (told.some((change) => change.grantId === grant.id && kinds.includes(change.kind))) continue;
    yield { promise, words: `a grant became ${grant.state} without a word` };
  }
  for (const request of after.rows.requests) {
    if (before.rows.requests.some((was) => was.id === request.id && was.state === request.state)) continue;
    if (told.some((change) => change.requestId === request.id && change.kind.startsWith("request."))) continue;
    yield { promise, words: `a request became ${request.state} without a word` };
  }
  for (const [id, version] of Object.entries(after.rows.roles)) {
    if (before.rows.roles[id] === version || told.some((change) => change.roleId === id)) continue;
    yield { promise, words: `a role is at version ${version} without a word` };
  }
  for (const { kind, grantId } of told) {
    const grant = after.rows.grants.find(({ id }) => id === grantId);
    if (!kind.startsWith("grant.") || kind === "grant.narrowed" || !grant || STORY_OF[grant.state].includes(kind))
      continue;
    yield { promise, words: `${kind} was told, but the grant is ${grant.state}` };
  }
}

const STORY_OF: Record<GrantState, readonly string[]> = {
  SCHEDULED: ["grant.scheduled"],
  ACTIVATING: ["grant.activating"],
  ACTIVE: ["grant.active"],
  ENDING: ["grant.ending"],
  ENDED: ["grant.ended"],
  REVOKING: ["grant.revoking"],
  REVOKED: ["grant.revoked"],
  ACTIVATION_FAILED: ["grant.failed"],
};

/** Each change follows from the one before it, without a gap (the history's own hashes). */
function* chainHolds(step: Step): Iterable<Broken> {
  const promise = "the history's chain holds";
  let { seq, hash } = step.before.rows.head;
  for (const change of newChanges(step)) {
    if (change.seq !== seq + 1 || change.prevHash !== hash || change.hash !== linkOf(change))
      yield { promise, words: `change ${change.seq} does not follow ${seq}` };
    ({ seq, hash } = change);
  }
  const { head, unchained } = step.after.rows;
  if (head.seq !== seq || head.hash !== hash) yield { promise, words: `the head says ${head.seq}, the end is ${seq}` };
  if (unchained > 0) yield { promise, words: `${unchained} changes are not chained` };
}

function linkOf({ seq, body, prevHash }: ChangeRow): string {
  const content = createHash("sha256").update(body).digest();
  const number = Buffer.alloc(8);
  number.writeBigInt64BE(BigInt(seq));
  return createHash("sha256").update(Buffer.from(prevHash, "hex")).update(number).update(content).digest("hex");
}

/** What a live grant gives at a place is only ever lowered (rule 9). */
function* nothingWidens({ before, after }: Step): Iterable<Broken> {
  const old = new Map(before.rows.shares.map((share) => [`${share.grantId} ${share.bindingId}`, share.level]));
  for (const { grantId, bindingId, level } of after.rows.shares) {
    const was = old.get(`${grantId} ${bindingId}`);
    if (was === undefined || rank(level) <= rank(was)) continue;
    yield {
      promise: "live grants never widen",
      words: `a share went from ${was ?? "nothing"} to ${level ?? "nothing"}`,
    };
  }
}

/** A deactivated person has no live grant and no waiting request (rule 13). */
function* deactivatedMeansNothing({ after: { rows } }: Step): Iterable<Broken> {
  const promise = "a deactivated person loses everything";
  for (const grant of rows.grants)
    if (rows.people[grant.personId] && ["SCHEDULED", "ACTIVATING", "ACTIVE"].includes(grant.state))
      yield { promise, words: `a grant is ${grant.state}` };
  for (const request of rows.requests)
    if (rows.people[request.requesterId] && request.state === "PENDING") yield { promise, words: "a request waits" };
}

type Spot = { readonly who: number; readonly place: number };

function* movedGrants({ before, after }: Step): Iterable<{ was: GrantRow | undefined; grant: GrantRow }> {
  const old = new Map(before.rows.grants.map((grant) => [grant.id, grant]));
  for (const grant of after.rows.grants) {
    const was = old.get(grant.id);
    if (was?.state !== grant.state || was.closed !== grant.closed) yield { was, grant };
  }
}

function newChanges({ before, after }: Step): readonly ChangeRow[] {
  return after.rows.changes.filter((change) => change.seq > before.rows.head.seq);
}

function isAmong(seen: Seen, choices: readonly Seen[]): boolean {
  return choices.some((choice) => sameSeen(choice, seen));
}

function at(truth: ReadonlyMap<string, Seen>, key: string): Seen {
  return truth.get(key) ?? ABSENT;
}
