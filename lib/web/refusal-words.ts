import type { RefusalCode, Refused } from "../domain/refusals.ts";

/** What a refusal says to people, and the HTTP status that says it to programs. Complete: the compiler checks. */
export const REFUSALS: Record<RefusalCode, { readonly status: 403 | 404 | 409 | 412 | 422; readonly words: string }> = {
  "access-being-removed": { status: 409, words: "This access is being removed already. Nothing was changed." },
  "access-gone": { status: 409, words: "This access is gone already: nothing is left to keep or to remove." },
  "already-decided": { status: 409, words: "This was already decided. Nothing was changed." },
  "already-extended": {
    status: 409,
    words: "This access is extended already. What goes on from it can be extended once it is active.",
  },
  "approvals-needed-invalid": { status: 422, words: "The number of approvals must be a whole number from 1 to 5." },
  "change-not-undoable": {
    status: 409,
    words: "This change cannot be rolled back. Its page says why and what to do instead.",
  },
  "conflict-undecided": {
    status: 422,
    words: "A later change touched the same field. Choose for each such field whether it stays or goes back.",
  },
  "decide-within-invalid": {
    status: 422,
    words: "The time to decide must be a whole number of minutes, at most a week.",
  },
  "decision-overdue": { status: 409, words: "The time to decide this is over. It has to be asked or proposed again." },
  "duplicate-request": {
    status: 409,
    words: "You already have a request for this role that waits for a decision. Withdraw it to ask anew.",
  },
  "entitlement-invalid": {
    status: 422,
    words: "A place or its level is not one that Daypass knows. Check the path, the name and the level of each line.",
  },
  "entitlement-repeated": { status: 422, words: "The same place stands twice. Keep one line for it." },
  "entitlements-missing": { status: 422, words: "A role must give at least one thing." },
  "four-eyes-unchanged": { status: 409, words: "It is so already. Nothing was changed." },
  "grant-not-active": {
    status: 409,
    words: "Only access that is in place can be extended. Ask for it anew.",
  },
  "grant-not-live": { status: 409, words: "This access is over or being removed already. Nothing was changed." },
  "group-unknown": {
    status: 422,
    words: "Daypass does not know this group. The directory lists the groups it does know.",
  },
  "idempotency-key-reused": {
    status: 422,
    words: "This Idempotency-Key was used for another request. Use a new key for a new request.",
  },
  "justification-missing": { status: 422, words: "Say why you need it. The approvers decide on this." },
  "justification-too-long": { status: 422, words: "The reason is too long: at most 2,000 characters." },
  "keep-until-invalid": { status: 422, words: "Choose a day from today on, at most a year ahead." },
  "max-minutes-invalid": { status: 422, words: "The longest time must be a whole number of minutes, at most a week." },
  "minutes-invalid": { status: 422, words: "The time must be a whole number of minutes, at least 1." },
  "minutes-lengthened": { status: 422, words: "An approver may shorten the time but not lengthen it." },
  "minutes-too-long": { status: 422, words: "That is longer than this role allows." },
  "name-invalid": { status: 422, words: "A role needs a name of at most 80 characters and a summary of at most 300." },
  "no-approver": {
    status: 409,
    words: "Nobody could approve this: the owner group has no other active owner. Ask an admin to look at the role.",
  },
  "no-provider-account": {
    status: 409,
    words: "You have no account at one of the places that this role reaches, so it could not be set up. Ask an admin.",
  },
  "no-second-person": {
    status: 409,
    words: "This gives more, so a second person has to approve it, and there is nobody else who could.",
  },
  "not-a-second-person": { status: 403, words: "Only an owner of the role's owner group or an admin may decide this." },
  "not-allowed": { status: 403, words: "You may see this, but you may not do that. Nothing was changed." },
  "not-an-approver": { status: 403, words: "Only an owner of the role's owner group may decide this request." },
  "not-found": { status: 404, words: "There is nothing here that you may see." },
  "note-too-long": { status: 422, words: "The note is too long: at most 2,000 characters." },
  "nothing-to-roll-back": { status: 409, words: "Nothing would be different, so nothing was done." },
  "own-request": { status: 403, words: "Nobody decides their own request. Another owner has to." },
  "own-widening": { status: 403, words: "Nobody decides their own proposal. Another owner or admin has to." },
  "person-deactivated": { status: 403, words: "This person is deactivated." },
  "person-unknown": { status: 404, words: "Daypass knows no such person, or more than one." },
  "place-spelled-otherwise": {
    status: 422,
    words: "Daypass knows this place already, with other capital letters. Write it like this:",
  },
  "point-unknown": { status: 404, words: "The history has no such point that everything could go back to." },
  "preview-stale": {
    status: 412,
    words:
      "Something changed since this preview was made. Look at the new one, then decide again. Nothing was changed.",
  },
  "proposer-left": {
    status: 409,
    words: "The person who proposed this may not change the role any more. Deny it; somebody else can propose it.",
  },
  "quarter-unknown": { status: 422, words: "Name a quarter that has begun, like 2026-Q4." },
  "range-empty": {
    status: 422,
    words: "Nothing can be in this time: it ends before it begins, or begins in the future.",
  },
  "reason-missing": { status: 422, words: "Say why. The history keeps the reason." },
  "reason-too-long": { status: 422, words: "The reason is too long: at most 1,000 characters." },
  "request-not-pending": { status: 409, words: "This request does not wait for a decision any more." },
  "requester-left": {
    status: 409,
    words:
      "The person who asked may not have this role any more. Deny the request; they can ask again if that changes.",
  },
  "retention-days-invalid": {
    status: 422,
    words: "Personal fields are kept for 30 days to ten years, in whole days, or for ever.",
  },
  "retention-unchanged": { status: 409, words: "Personal fields are kept for that long already. Nothing was changed." },
  "role-changed": { status: 409, words: "The role gives nothing of what was asked for any more. Deny this request." },
  "role-empty": { status: 409, words: "This role gives nothing right now, so there is nothing to ask for." },
  "role-unchanged": { status: 409, words: "Nothing is different from the version in force, so nothing was published." },
  "role-unknown": { status: 404, words: "There is no such role that you may ask for." },
  "role-version-stale": {
    status: 412,
    words: "Someone published another version meanwhile. Look at it, then decide again. Nothing was changed.",
  },
  "role-version-unknown": { status: 404, words: "This role has no such version." },
  "scope-unknown": { status: 422, words: "Choose at least one of the scopes that exist." },
  "slug-invalid": {
    status: 422,
    words: "The short name takes small letters, digits and single dashes, at most 64 characters.",
  },
  "slug-taken": { status: 409, words: "Another role has this short name." },
  "start-invalid": { status: 422, words: "The start must lie in the next 30 days." },
  "ticket-too-long": { status: 422, words: "The ticket is too long: at most 200 characters." },
  "token-days-invalid": { status: 422, words: "A token lives between 1 and 90 days." },
  "token-name-invalid": { status: 422, words: "Give the token a name of at most 80 characters." },
  "widening-overtaken": {
    status: 409,
    words: "The role was changed, or something else was proposed for it, since this was proposed. Nothing was changed.",
  },
};

export const CONFLICT_WORDS = "Someone else was faster. Look at it as it is now, then decide again.";

export function wordsOf({ code, instead }: Refused): string {
  const { words } = REFUSALS[code];
  return instead === undefined ? words : `${words} ${instead}`;
}

/** For a code that came by an address, which may be anything. */
export function wordsOfRefusal(code: string): string {
  const refusal = Object.entries(REFUSALS).find(([name]) => name === code)?.[1];
  return refusal?.words ?? "That was refused. Nothing was changed.";
}
