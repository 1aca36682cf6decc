import { durationWords, entitlementWords, actionWords, placeWords } from "../domain/words.ts";
import { clock, exactly, moment, quoted } from "./plain-text.ts";
import type { DriftStory } from "./drift-story.ts";
import type { Story, StoryGrant } from "./story.ts";

export type Words = { readonly subject: string; readonly text: string };

/** Where the pages are. Mail only leads there: nothing is decided by following a link. */
export type Pages = Readonly<Record<"request" | "grant" | "proposal", (id: string) => string>>;

export function waitsWords(story: Story, pages: Pages): Words {
  const { personName, personEmail, roleSlug, roleName, minutes, approvalsNeeded } = story;
  const asks = story.isExtension ? "asks to extend" : "asks for";
  return {
    subject: `${personName} ${asks} ${roleSlug}, ${durationWords(minutes)}`,
    text: letter([
      `${personName} (${personEmail}) ${asks} ${roleName} (${roleSlug}) for ${durationWords(minutes)}.`,
      `Why:\n${quoted(story.justification)}`,
      story.ticket && `Ticket: ${story.ticket}`,
      story.startsAt && `To begin: ${moment(story.startsAt)}`,
      list(
        "What will be done:",
        story.asked.map((entitlement) => actionWords(entitlement, story.accounts[entitlement.connection] ?? null)),
      ),
      `It waits until ${moment(story.decideBy)}.${approvalsNeeded > 1 ? ` It needs ${approvalsNeeded} approvals.` : ""}`,
      `Look at it and decide:\n${pages.request(story.requestId)}`,
      `You are told because you are an owner of ${story.ownerGroup}, whose owners decide about this role.`,
    ]),
  };
}

export function approvedWords(story: Story, grant: StoryGrant, pages: Pages): Words {
  const starts = grant.startsAt > story.at ? `It begins ${moment(grant.startsAt)}.` : "It is being set up.";
  return {
    subject: `Approved: ${story.roleSlug}, ${durationWords(grant.minutes)}`,
    text: letter([
      `${story.actorName} approved ${story.roleSlug} for ${durationWords(grant.minutes)}. ${starts}`,
      notes(story),
      pages.request(story.requestId),
    ]),
  };
}

export function deniedWords(story: Story, pages: Pages): Words {
  return {
    subject: `Denied: ${story.roleSlug}`,
    text: letter([
      `${story.actorName} denied your request for ${story.roleSlug}.`,
      notes(story),
      pages.request(story.requestId),
    ]),
  };
}

export function undecidedWords(story: Story, pages: Pages): Words {
  return {
    subject: `Nobody decided in time: ${story.roleSlug}`,
    text: letter([
      `Nobody decided your request for ${story.roleSlug} until ${moment(story.decideBy)}. You can ask again.`,
      pages.request(story.requestId),
    ]),
  };
}

export function activeWords(story: Story, grant: StoryGrant, pages: Pages): Words {
  const approvers = story.decisions.map(({ name }) => name).join(" and ");
  return {
    subject: `You have ${story.roleSlug} until ${clock(grant.endsAt)}`,
    text: letter([
      `${approvers || "Daypass"} approved ${story.roleSlug}, and it was seen in place at ${exactly(story.at)}.`,
      `It ends ${moment(grant.endsAt)}, after ${durationWords(grant.minutes)}.`,
      list("What you have:", grant.places.map(entitlementWords)),
      notes(story),
      `Give it back earlier when you are done:\n${pages.grant(grant.id)}`,
    ]),
  };
}

export function failedWords(story: Story, grant: StoryGrant, pages: Pages): Words {
  return {
    subject: `${story.roleSlug} could not be set up`,
    text: letter([
      `${story.roleSlug} was approved but could not be set up. What was begun is taken back.`,
      story.why && `What went wrong:\n${quoted(story.why)}`,
      `You can ask again once that is put right:\n${pages.grant(grant.id)}`,
    ]),
  };
}

export function takenBackWords(story: Story, grant: StoryGrant, pages: Pages): Words {
  return {
    subject: `${story.actorName} took ${story.roleSlug} back`,
    text: letter([
      `${story.actorName} took ${story.roleSlug} back from you. It is being removed.`,
      story.why && `Why:\n${quoted(story.why)}`,
      pages.grant(grant.id),
    ]),
  };
}

export function narrowedWords(story: Story, grant: StoryGrant, pages: Pages): Words {
  return {
    subject: `${story.roleSlug} gives you less now`,
    text: letter([
      `${story.actorName} published a version of ${story.roleSlug} that gives less, and live access follows it at once.`,
      story.why && `Why:\n${quoted(story.why)}`,
      list(`What you have until ${moment(grant.endsAt)}:`, grant.places.map(entitlementWords)) ??
        "Nothing of what you had is left.",
      pages.grant(grant.id),
    ]),
  };
}

export function goneWords(story: Story, grant: StoryGrant, pages: Pages): Words {
  const isEarly = story.kind === "grant.revoked";
  const isOwn = grant.endedById === story.personId;
  const early = isOwn ? "You gave it back." : `${grant.endedByName ?? "Daypass"} took it back early.`;
  const how = isEarly ? early : "Its time was up.";
  return {
    subject: `${story.roleSlug} is gone`,
    text: letter([
      `Your access to ${story.roleSlug} was proved gone at ${exactly(story.at)}. ${how}`,
      isEarly && grant.endReason ? `Why:\n${quoted(grant.endReason)}` : null,
      pages.grant(grant.id),
    ]),
  };
}

export type Ending = { readonly roleSlug: string; readonly grantId: string; readonly endsAt: Date };

export function endingSoonWords({ roleSlug, grantId, endsAt }: Ending, minutesLeft: number, pages: Pages): Words {
  return {
    subject: `${roleSlug} ends in ${durationWords(minutesLeft)}, at ${clock(endsAt)}`,
    text: letter([
      `Your access to ${roleSlug} ends ${moment(endsAt)}. Finish what should not break off halfway.`,
      pages.grant(grantId),
    ]),
  };
}

export function removedByHandWords(story: DriftStory, toHolder: boolean, pages: Pages): Words {
  const whose = toHolder ? "Your" : `${story.personName}’s`;
  const place = placeWords(story);
  return {
    subject: `${whose} access to ${story.target} was removed by hand`,
    text: letter([
      `${whose} access to ${place} was removed at the provider, and not by Daypass. It is not given again by itself.`,
      `It came with ${story.roleSlugs.join(", ")}, which is still live.`,
      pages.grant(story.grantId),
      toHolder ? null : "You are told because you are an owner of the group whose owners decide about this role.",
    ]),
  };
}

function notes({ decisions }: Story): string | null {
  const said = decisions.filter(({ note }) => note.trim() !== "");
  return said.length === 0 ? null : said.map(({ name, note }) => `${name} wrote:\n${quoted(note)}`).join("\n\n");
}

function list(title: string, items: readonly string[]): string | null {
  return items.length === 0 ? null : [title, ...items.map((item) => `- ${item}`)].join("\n");
}

export function letter(paragraphs: readonly (string | null)[]): string {
  return `${paragraphs.filter((paragraph) => paragraph !== null && paragraph !== "").join("\n\n")}\n`;
}
