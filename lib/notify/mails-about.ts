import type { ChangeKind } from "../domain/change.ts";
import type { DriftStory } from "./drift-story.ts";
import { oneLine } from "./plain-text.ts";
import type { Story, StoryGrant } from "./story.ts";
import * as say from "./mail-words.ts";

export type MailKind =
  | "waits"
  | "approved"
  | "denied"
  | "undecided"
  | "active"
  | "ending-soon"
  | "failed"
  | "taken-back"
  | "narrowed"
  | "gone"
  | "removed-by-hand"
  | "proposed"
  | "proposal-ended";

/** One mail that is owed to one person. */
export type Mail = say.Words & {
  readonly toId: string;
  readonly kind: MailKind;
  /** What it tells of; nobody gets two mails about one. */
  readonly fact: string;
  readonly requestId: string | null;
  /** How long it waits for news that would make it needless. */
  readonly afterMs: number;
  /** Later than this it would be no news. */
  readonly usefulUntil: Date;
};

/** Approved is soon in place and taken back is soon gone: one mail tells both, unless the second takes its time. */
const SOON_MS = 60_000;
const NEWS_FOR_MS = 3 * 24 * 60 * 60_000;

type Teller = (story: Story, grant: StoryGrant, pages: say.Pages) => readonly Mail[];

const ABOUT_REQUESTS: Partial<Record<ChangeKind, (story: Story, pages: say.Pages) => readonly Mail[]>> = {
  "request.submitted": toWhoDecides,
  "request.denied": (story, pages) => [toHolder(story, "denied", say.deniedWords(story, pages))],
  "request.expired": (story, pages) => [toHolder(story, "undecided", say.undecidedWords(story, pages))],
};

const ABOUT_GRANTS: Partial<Record<ChangeKind, Teller>> = {
  "request.approved": onceApproved,
  "grant.active": (story, grant, pages) => [
    { ...toHolder(story, "active", say.activeWords(story, grant, pages)), usefulUntil: grant.endsAt },
  ],
  "grant.failed": (story, grant, pages) => [toHolder(story, "failed", say.failedWords(story, grant, pages))],
  "grant.revoking": onceTakenBack,
  "grant.narrowed": (story, grant, pages) => [toHolder(story, "narrowed", say.narrowedWords(story, grant, pages))],
  "grant.ended": onceGone,
  "grant.revoked": onceGone,
};

/** The kinds of change that somebody is told of. */
export const TOLD = [...Object.keys(ABOUT_REQUESTS), ...Object.keys(ABOUT_GRANTS)] as readonly ChangeKind[];

/** Who is told of this change, and in which words. Nobody is told what they did themselves. */
export function mailsAbout(story: Story, pages: say.Pages): readonly Mail[] {
  const fit = inOneLine(story);
  const mails = [
    ...(ABOUT_REQUESTS[fit.kind]?.(fit, pages) ?? []),
    ...(fit.grant ? (ABOUT_GRANTS[fit.kind]?.(fit, fit.grant, pages) ?? []) : []),
  ];
  return mails.filter((mail) => mail.toId !== fit.actorId).map(withFitSubject);
}

/** The holder and everybody who decides about the roles that it came with. */
export function mailsAboutRemoval(story: DriftStory, pages: say.Pages): readonly Mail[] {
  const fit = { ...story, personName: oneLine(story.personName) };
  const ids = new Set([story.personId, ...story.ownerIds]);
  return [...ids].map((toId) =>
    withFitSubject({
      ...say.removedByHandWords(fit, toId === story.personId, pages),
      toId,
      kind: "removed-by-hand",
      fact: `${story.bindingId} removed ${story.at.toISOString()}`,
      requestId: null,
      afterMs: 0,
      usefulUntil: new Date(story.at.getTime() + NEWS_FOR_MS),
    }),
  );
}

/** Owners who may decide: one who asks for the role too is not one of them. */
function toWhoDecides(story: Story, pages: say.Pages): readonly Mail[] {
  if (story.requestState !== "PENDING") return [];
  const words = say.waitsWords(story, pages);
  return story.ownerIds
    .filter((id) => id !== story.personId)
    .map((toId) => ({ ...toHolder(story, "waits", words), toId, usefulUntil: story.decideBy }));
}

/** The first of two approvals decides nothing yet. */
function onceApproved(story: Story, grant: StoryGrant, pages: say.Pages): readonly Mail[] {
  if (story.state !== "APPROVED") return [];
  const mail = toHolder(story, "approved", say.approvedWords(story, grant, pages));
  return [{ ...mail, afterMs: grant.startsAt > story.at ? 0 : SOON_MS }];
}

/** An extension that had not begun goes with what it was to go on from: that is told once. */
function onceTakenBack(story: Story, grant: StoryGrant, pages: say.Pages): readonly Mail[] {
  if (story.isExtension && grant.activeAt === null) return [];
  return [{ ...toHolder(story, "taken-back", say.takenBackWords(story, grant, pages)), afterMs: SOON_MS }];
}

/** Whoever gave it back a moment ago knows; when the proof took long they are told. */
function onceGone(story: Story, grant: StoryGrant, pages: say.Pages): readonly Mail[] {
  if (grant.activeAt === null || grant.isContinued) return [];
  const tookMs = story.at.getTime() - (grant.endingAt ?? story.at).getTime();
  const isOwnDoing = grant.endedById === story.personId && tookMs < SOON_MS;
  return isOwnDoing ? [] : [toHolder(story, "gone", say.goneWords(story, grant, pages))];
}

function toHolder(story: Story, kind: MailKind, words: say.Words): Mail {
  return {
    ...words,
    toId: story.personId,
    kind,
    fact: story.changeId,
    requestId: story.requestId,
    afterMs: 0,
    usefulUntil: new Date(story.at.getTime() + NEWS_FOR_MS),
  };
}

/** Names are what an identity provider says they are, newlines included. */
function inOneLine(story: Story): Story {
  return {
    ...story,
    actorName: oneLine(story.actorName),
    personName: oneLine(story.personName),
    personEmail: oneLine(story.personEmail),
    roleName: oneLine(story.roleName),
    ownerGroup: oneLine(story.ownerGroup),
    ticket: story.ticket && oneLine(story.ticket, 200),
    decisions: story.decisions.map((decision) => ({ ...decision, name: oneLine(decision.name) })),
    grant: story.grant && {
      ...story.grant,
      endedByName: story.grant.endedByName && oneLine(story.grant.endedByName),
    },
  };
}

function withFitSubject(mail: Mail): Mail {
  return { ...mail, subject: oneLine(mail.subject) };
}
