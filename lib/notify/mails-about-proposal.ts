import { proposedWords } from "../domain/widening.ts";
import { letter, type Pages, type Words } from "./mail-words.ts";
import type { Mail } from "./mails-about.ts";
import { moment, oneLine, quoted } from "./plain-text.ts";
import type { ProposalStory } from "./proposal-story.ts";

const NEWS_FOR_MS = 3 * 24 * 60 * 60_000;

/** Whoever may be the second person is told while it waits; whoever proposed it, how it ended. */
export function mailsAboutProposal(story: ProposalStory, pages: Pages): readonly Mail[] {
  const fit = { ...story, actorName: oneLine(story.actorName), proposerName: oneLine(story.proposerName) };
  if (fit.kind !== "widening.proposed") return [mailTo(fit.proposerId, fit, endWords(fit, pages))];
  if (fit.state !== "PENDING") return [];
  const words = waitsWords(fit, pages);
  return fit.deciderIds.filter((id) => id !== fit.proposerId).map((id) => mailTo(id, fit, words));
}

function mailTo(toId: string, { kind, changeId, at, decideBy }: ProposalStory, words: Words): Mail {
  const isProposed = kind === "widening.proposed";
  return {
    ...words,
    subject: oneLine(words.subject),
    toId,
    kind: isProposed ? "proposed" : "proposal-ended",
    fact: changeId,
    requestId: null,
    afterMs: 0,
    usefulUntil: isProposed ? decideBy : new Date(at.getTime() + NEWS_FOR_MS),
  };
}

function waitsWords(story: ProposalStory, pages: Pages): Words {
  return {
    subject: `${story.proposerName} proposes ${whatOf(story)}`,
    text: letter([
      `${story.proposerName} proposes ${whatOf(story)}. It waits for a second person until ${moment(story.decideBy)}.`,
      story.why && `Why:\n${quoted(story.why)}`,
      `Look at what it would add, then approve or deny it:\n${pages.proposal(story.wideningId)}`,
    ]),
  };
}

function endWords(story: ProposalStory, pages: Pages): Words {
  const { kind, actorName } = story;
  const ended =
    kind === "widening.expired"
      ? `Nobody decided your proposal of ${whatOf(story)} in time`
      : `${actorName} ${kind === "widening.approved" ? "approved" : "denied"} your proposal of ${whatOf(story)}`;
  return {
    subject: ended,
    text: letter([
      `${ended}.`,
      story.why && `${actorName} wrote:\n${quoted(story.why)}`,
      pages.proposal(story.wideningId),
    ]),
  };
}

function whatOf({ roleSlug, days }: ProposalStory): string {
  return proposedWords(roleSlug, days);
}
