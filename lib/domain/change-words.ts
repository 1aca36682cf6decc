import type { Change, ChangeKind, Json } from "./change.ts";
import { PLACE_KINDS, isPlaceKind, levelsOf, type Level } from "./entitlement.ts";
import { proposedWords } from "./widening.ts";
import { durationWords, levelWords, placeWords } from "./words.ts";

type About = Change["about"];
type Sentence = (actor: string, about: About, change: Change) => string;

const SENTENCES: Record<ChangeKind, Sentence> = {
  "request.submitted": (actor, about) =>
    about.extends === true
      ? `${actor} asked to extend ${text(about.role)}${minutes(about)}`
      : `${actor} asked for ${text(about.role)}${minutes(about)}`,
  "request.approved": (actor, about) =>
    `${actor} approved ${of(about)} request for ${text(about.role)}${minutes(about)}`,
  "request.denied": (actor, about) => `${actor} denied ${of(about)} request for ${text(about.role)}`,
  "request.withdrawn": (actor, about) => `${of(about)} request for ${text(about.role)} was withdrawn`,
  "request.expired": (_actor, about) => `Nobody decided ${of(about)} request for ${text(about.role)} in time`,
  "grant.scheduled": (_actor, about) => `${of(about)} access to ${text(about.role)} is scheduled`,
  "grant.activating": (_actor, about) => `${of(about)} access to ${text(about.role)} is being set up`,
  "grant.active": (_actor, about) => `${of(about)} access to ${text(about.role)} was seen in place`,
  "grant.ending": (_actor, about) => `The time of ${of(about)} access to ${text(about.role)} was up`,
  "grant.ended": (_actor, about) => `${of(about)} access to ${text(about.role)} was proved gone`,
  "grant.revoking": (actor, about, change) =>
    isOwn(change)
      ? `${actor} gave ${text(about.role)} back`
      : `${actor} took ${text(about.role)} back from ${text(about.person)}`,
  "grant.revoked": (_actor, about) => `${of(about)} access to ${text(about.role)} was proved gone`,
  "grant.failed": (_actor, about) => `${of(about)} access to ${text(about.role)} could not be set up`,
  "grant.narrowed": (_actor, about) => `${of(about)} live access to ${text(about.role)} was narrowed`,
  "binding.applied": (_actor, about, change) => appliedWords(about, change),
  "binding.removed": (_actor, about) => `${of(about)} access to ${place(about)} was removed`,
  "binding.restored": (_actor, about) => `What ${text(about.person)} had before at ${place(about)} was put back`,
  "binding.drifted": (_actor, about) => `${of(about)} access to ${place(about)}${through(about)} was ${drift(about)}`,
  "access.found": (_actor, about) => `${account(about)} has access to ${managed(about)} that no grant explains`,
  "access.gone": (_actor, about) => `${account(about)} has nothing at ${managed(about)} any more`,
  "access.kept": (actor, about) => `${actor} lets ${account(about)} keep access to ${managed(about)} as an exception`,
  "access.exception-ended": (_actor, about) =>
    `The exception for ${account(about)} at ${managed(about)} does not hold any more`,
  "access.removal-asked": (actor, about) =>
    `${actor} asked for the removal of ${account(about)}’s access to ${managed(about)}`,
  "access.removed": (_actor, about) =>
    `${account(about)}’s access to ${managed(about)}, which no grant explained, was proved gone`,
  "place.missing": (_actor, about) => `${place(about)}, which a role gives, was not found at the provider`,
  "place.found": (_actor, about) => `${place(about)} was found at the provider again`,
  "place.unclear": (_actor, about) => `Who has access to ${place(about)} cannot be told: a hand changed it`,
  "place.clear": (_actor, about) => `Who has access to ${place(about)} can be told again`,
  "role.created": (actor, about) => `${actor} made the role ${text(about.role)}`,
  "role.published": (actor, about) => `${actor} published version ${text(about.version)} of ${text(about.role)}`,
  "role.rolled-back": rolledBackWords,
  "role.widened": (_actor, about) => `Version ${text(about.version)} of ${text(about.role)} gives more`,
  "rollback.change": (actor, about) => `${actor} rolled change ${text(about.undoes)} back`,
  "rollback.point": (actor, about) => `${actor} rolled everything back to change ${text(about.to)}`,
  "widening.proposed": (actor, about) => `${actor} proposed ${widening(about)}`,
  "widening.approved": (actor, about) => `${actor} approved ${text(about.proposer)}’s proposal of ${widening(about)}`,
  "widening.denied": (actor, about) => `${actor} denied ${text(about.proposer)}’s proposal of ${widening(about)}`,
  "widening.withdrawn": (_actor, about) => `${text(about.proposer)}’s proposal of ${widening(about)} was withdrawn`,
  "widening.expired": (_actor, about) =>
    `Nobody decided ${text(about.proposer)}’s proposal of ${widening(about)} in time`,
  "widening.overtaken": (_actor, about) => `${text(about.proposer)}’s proposal of ${widening(about)} was overtaken`,
  "four-eyes.switched": (actor, about) =>
    `${actor} ${about.needed === true ? "made widening wait for a second person" : "let widening go without a second person"}`,
  "person.joined": (actor) => `${actor} signed in for the first time`,
  "account.missing": (_actor, about) =>
    `${of(about)} account ${text(about.account)} at ${text(about.connection)}, for which access is held, is not in the directory any more`,
  "account.found": (_actor, about) =>
    `${of(about)} account ${text(about.account)} at ${text(about.connection)} is no longer missed`,
  "person.renamed": (_actor, about) =>
    `${text(about.person)} is called ${text(about.account)} at ${text(about.connection)} now, no longer ${text(about.formerly)}`,
  "person.roles-changed": (_actor, about, { after }) => `${text(about.person)} is now ${portalRoles(after)}`,
  "person.deactivated": (actor, about) => `${actor} deactivated ${text(about.person)}`,
  "person.reactivated": (actor, about) => `${actor} reactivated ${text(about.person)}`,
  "token.created": (actor, about, change) =>
    `${actor} made the token “${text(about.token)}”${isOwn(change) ? "" : ` for ${text(about.person)}`}`,
  "token.revoked": (actor, about, change) =>
    `${actor} revoked the token “${text(about.token)}”${isOwn(change) ? "" : ` of ${text(about.person)}`}`,
  "group.missing": (_actor, about) => `The group ${text(about.group)} is gone from the directory`,
  "group.owners-changed": (_actor, about) => `The owners of ${text(about.group)} changed`,
  "history.exported": (actor, about) => `${actor} exported ${text(about.what)} as ${text(about.format)}`,
  "history.key-added": (_actor, about) => `Daypass signs the history with the key ${text(about.key)}`,
  "history.broken": (_actor, about) => `The daily check found the history broken at change ${text(about.entry)}`,
  "history.redacted": (_actor, about) =>
    `Daypass redacts the personal fields of ${text(about.what)}, up to change ${text(about.upTo)}`,
  "retention.changed": (actor, _about, { after }) => `${actor} set that personal fields are ${keptWords(after)}`,
};

/** One entry of the history as a sentence without its full stop. */
export function changeWords(change: Change): string {
  return SENTENCES[change.kind](change.actor.name, change.about, change);
}

/** What each kind is called in a list of kinds, under what it is about. */
export const CHANGE_TITLES: Readonly<Record<ChangeKind, readonly [about: string, title: string]>> = {
  "request.submitted": ["Requests", "Asked"],
  "request.approved": ["Requests", "Approved"],
  "request.denied": ["Requests", "Denied"],
  "request.withdrawn": ["Requests", "Withdrawn"],
  "request.expired": ["Requests", "Nobody decided in time"],
  "grant.scheduled": ["Access", "Scheduled"],
  "grant.activating": ["Access", "Being set up"],
  "grant.active": ["Access", "Seen in place"],
  "grant.ending": ["Access", "Its time was up"],
  "grant.ended": ["Access", "Proved gone at its end"],
  "grant.revoking": ["Access", "Taken or given back early"],
  "grant.revoked": ["Access", "Proved gone early"],
  "grant.failed": ["Access", "Could not be set up"],
  "grant.narrowed": ["Access", "Narrowed by a new version"],
  "binding.applied": ["At the providers", "Given"],
  "binding.removed": ["At the providers", "Removed"],
  "binding.restored": ["At the providers", "Put back as it was before"],
  "binding.drifted": ["At the providers", "Changed by hand"],
  "access.found": ["Access behind no grant", "Found"],
  "access.gone": ["Access behind no grant", "Gone by itself or by hand"],
  "access.kept": ["Access behind no grant", "Kept as an exception"],
  "access.exception-ended": ["Access behind no grant", "Exception over"],
  "access.removal-asked": ["Access behind no grant", "Removal asked"],
  "access.removed": ["Access behind no grant", "Removed and proved gone"],
  "place.missing": ["At the providers", "Place not found"],
  "place.found": ["At the providers", "Place found again"],
  "place.unclear": ["At the providers", "Place not understood"],
  "place.clear": ["At the providers", "Place understood again"],
  "role.created": ["Roles", "Made"],
  "role.published": ["Roles", "New version"],
  "role.rolled-back": ["Roles", "Rolled back"],
  "role.widened": ["Roles", "Wider version in force"],
  "rollback.change": ["Rollbacks", "Of one change"],
  "rollback.point": ["Rollbacks", "Of everything to a point"],
  "widening.proposed": ["Four eyes", "Proposed to give more"],
  "widening.approved": ["Four eyes", "Approved by a second person"],
  "widening.denied": ["Four eyes", "Denied by a second person"],
  "widening.withdrawn": ["Four eyes", "Withdrawn"],
  "widening.expired": ["Four eyes", "Nobody decided in time"],
  "widening.overtaken": ["Four eyes", "Overtaken by another change"],
  "four-eyes.switched": ["Four eyes", "Switched on or off"],
  "person.joined": ["People", "Signed in for the first time"],
  "account.missing": ["People", "Account gone from the directory"],
  "account.found": ["People", "Account no longer missed"],
  "person.renamed": ["People", "Renamed at a provider"],
  "person.roles-changed": ["People", "Became or ceased to be admin or auditor"],
  "person.deactivated": ["People", "Deactivated"],
  "person.reactivated": ["People", "Reactivated"],
  "token.created": ["Tokens", "Made"],
  "token.revoked": ["Tokens", "Revoked"],
  "group.missing": ["Groups", "Gone from the directory"],
  "group.owners-changed": ["Groups", "Owners changed"],
  "history.exported": ["The history itself", "Exported"],
  "history.key-added": ["The history itself", "Signed with a new key"],
  "history.broken": ["The history itself", "Found broken"],
  "history.redacted": ["The history itself", "Personal fields redacted"],
  "retention.changed": ["The history itself", "For how long personal fields are kept"],
};

export function isChangeKind(text: string): text is ChangeKind {
  return Object.hasOwn(CHANGE_TITLES, text);
}

function rolledBackWords(actor: string, about: About): string {
  const role = text(about.role);
  if (about.undoes !== undefined) return `${actor} rolled a change of ${role} back: version ${text(about.version)}`;
  if (about.restores === undefined) return `${actor} rolled ${role} back to before it was made: it gives nothing`;
  const partly = about.partly === true ? ", as far as it gives less" : "";
  return `${actor} rolled ${role} back to version ${text(about.restores)}${partly}`;
}

function widening({ role, days }: About): string {
  return proposedWords(role === undefined ? null : text(role), typeof days === "number" ? days : null);
}

function text(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "something";
}

/** By id: two people may have one name. */
function isOwn({ actor, personId }: Change): boolean {
  return actor.id !== null && actor.id === personId;
}

function of(about: About): string {
  return `${text(about.person)}’s`;
}

/** By the account's name at the provider: it need not be anybody who is known here. */
function account(about: About): string {
  return typeof about.person === "string" ? `${about.person} (${text(about.account)})` : text(about.account);
}

function minutes(about: About): string {
  return typeof about.minutes === "number" ? `, ${durationWords(about.minutes)}` : "";
}

function place({ kind, target }: About): string {
  return typeof kind === "string" && isPlaceKind(kind) ? placeWords({ kind, target: text(target) }) : text(target);
}

/** A write may give access, change its level, or only move its expiry. */
function appliedWords(about: About, { before, after }: Change): string {
  const [old, now] = [levelIn(before), levelIn(after)];
  if (old === null) return `${text(about.person)} was given access to ${place(about)}`;
  return old === now || now === null
    ? `The expiry of ${of(about)} access to ${place(about)} was moved`
    : `${of(about)} access to ${place(about)} was changed from ${old} to ${now}`;
}

function levelIn(standing: Json): string | null {
  const level = (standing as { level?: Json } | null)?.level;
  return PLACE_KINDS.flatMap(levelsOf).includes(level as Level) ? levelWords(level as Level) : null;
}

function drift({ drift: how }: About): string {
  return text(how).replaceAll("-", " ");
}

function through({ role }: About): string {
  return typeof role === "string" ? ` through ${role}` : "";
}

function managed(about: About): string {
  return typeof about.role === "string" ? `${place(about)} (role ${about.role})` : place(about);
}

function keptWords(after: Json): string {
  const { days } = (after ?? {}) as { days?: Json };
  return typeof days === "number" ? `redacted after ${days} days` : "kept for ever";
}

function portalRoles(after: Json): string {
  const roles = after as { isAdmin?: boolean; isAuditor?: boolean } | null;
  if (roles?.isAdmin) return "an admin";
  return roles?.isAuditor ? "an auditor" : "neither admin nor auditor";
}
