import type { StoredChange } from "../../domain/change.ts";
import type { GrantState } from "../../domain/grant.ts";
import { contentHash } from "../../proof/committed.ts";
import { nextPoint } from "../../proof/link.ts";
import { rank } from "./expectation.ts";
import type { ChangeRow } from "./rows.ts";
import { movedGrants, newChanges, type Broken, type Step } from "./step.ts";

/** A worker whose lease was taken over settles nothing. */
export function* onlyHoldersSettle({ before, after, worker }: Step): Iterable<Broken> {
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
export function* stateAndStoryAgree(step: Step): Iterable<Broken> {
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
export function* chainHolds(step: Step): Iterable<Broken> {
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
  const content = contentHash(body, JSON.parse(body) as StoredChange) ?? Buffer.alloc(0);
  const before = { seq: BigInt(seq) - 1n, hash: Buffer.from(prevHash, "hex") };
  return Buffer.from(nextPoint(before, content).hash).toString("hex");
}

/** What a live grant gives at a place is only ever lowered (rule 9). */
export function* nothingWidens({ before, after }: Step): Iterable<Broken> {
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
export function* deactivatedMeansNothing({ after: { rows } }: Step): Iterable<Broken> {
  const promise = "a deactivated person loses everything";
  for (const grant of rows.grants)
    if (rows.people[grant.personId] && ["SCHEDULED", "ACTIVATING", "ACTIVE"].includes(grant.state))
      yield { promise, words: `a grant is ${grant.state}` };
  for (const request of rows.requests)
    if (rows.people[request.requesterId] && request.state === "PENDING") yield { promise, words: "a request waits" };
}
