import { describe, expect, test } from "vitest";
import type { Entitlement } from "../domain/entitlement.ts";
import type { DriftStory } from "./drift-story.ts";
import { mailsAbout, mailsAboutRemoval } from "./mails-about.ts";
import type { Story, StoryGrant } from "./story.ts";

const NOON = new Date("2026-11-24T12:00:00Z");
const after = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000);
const PLACES: Entitlement[] = [
  { connection: "gitlab", kind: "gitlab-group", target: "acme/roles/payments", level: "maintainer" },
  { connection: "aws", kind: "aws-iam-group", target: "payments", level: "member" },
];
const pages = {
  request: (id: string) => `https://daypass.test/requests/${id}`,
  grant: (id: string) => `https://daypass.test/grants/${id}`,
  proposal: (id: string) => `https://daypass.test/widenings/${id}`,
};

const grant: StoryGrant = {
  id: "grant",
  minutes: 20,
  startsAt: NOON,
  activeAt: NOON,
  endsAt: after(20),
  endingAt: null,
  endReason: null,
  endedById: null,
  endedByName: null,
  isContinued: false,
  places: PLACES,
};

const asked: Story = {
  changeId: "change",
  kind: "request.submitted",
  at: NOON,
  actorId: "maya",
  actorName: "Maya Chen",
  why: null,
  state: "PENDING",
  personId: "maya",
  personName: "Maya Chen",
  personEmail: "maya@acme.test",
  roleSlug: "payments-maintainer",
  roleName: "Payments maintainer",
  ownerGroup: "acme/payments",
  ownerIds: ["omar", "noor"],
  approvalsNeeded: 1,
  requestId: "request",
  requestState: "PENDING",
  minutes: 30,
  justification: "Fix the payout queue",
  ticket: null,
  startsAt: null,
  isExtension: false,
  decideBy: after(1440),
  asked: PLACES,
  accounts: { gitlab: "maya", aws: "maya" },
  decisions: [],
  grant: null,
};

const approved: Story = {
  ...asked,
  kind: "request.approved",
  actorId: "omar",
  actorName: "Omar Haddad",
  state: "APPROVED",
  requestState: "APPROVED",
  decisions: [{ name: "Omar Haddad", verdict: "approve", note: "Twenty will do" }],
  grant,
};
const system = { actorId: null, actorName: "Daypass" } as const;

const told = (story: Story) => mailsAbout(story, pages).map(({ toId, subject }) => [toId, subject]);
const text = (story: Story) => mailsAbout(story, pages)[0]?.text;

describe("a request that waits", () => {
  test("is told to each owner, with who, what, why and where", () => {
    expect(told(asked)).toEqual([
      ["omar", "Maya Chen asks for payments-maintainer, 30 min"],
      ["noor", "Maya Chen asks for payments-maintainer, 30 min"],
    ]);
    expect(text(asked)).toBe(`Maya Chen (maya@acme.test) asks for Payments maintainer (payments-maintainer) for 30 min.

Why:
> Fix the payout queue

What will be done:
- GitLab: add maya to acme/roles/payments as Maintainer
- AWS: add IAM user maya to group payments

It waits until Wed 25 Nov, 12:00 UTC.

Look at it and decide:
https://daypass.test/requests/request

You are told because you are an owner of acme/payments, whose owners decide about this role.
`);
  });

  test("is not told to an owner who asks, nor once it is decided", () => {
    expect(told({ ...asked, personId: "omar", actorId: "omar" })).toEqual([["noor", expect.anything()]]);
    expect(told({ ...asked, requestState: "WITHDRAWN" })).toEqual([]);
  });

  test("that is to go on from a grant says so", () => {
    expect(told({ ...asked, isExtension: true, ownerIds: ["omar"] })).toEqual([
      ["omar", "Maya Chen asks to extend payments-maintainer, 30 min"],
    ]);
  });

  test("is no news after the time to decide", () => {
    expect(mailsAbout(asked, pages)[0]?.usefulUntil).toEqual(asked.decideBy);
  });
});

describe("a decision", () => {
  test("is told to who asked, with the note", () => {
    expect(told(approved)).toEqual([["maya", "Approved: payments-maintainer, 20 min"]]);
    expect(text(approved)).toContain("Omar Haddad wrote:\n> Twenty will do");
    const denied: Story = { ...approved, kind: "request.denied", state: "DENIED", grant: null };
    expect(told(denied)).toEqual([["maya", "Denied: payments-maintainer"]]);
    expect(told({ ...denied, ...system, kind: "request.expired" })).toEqual([
      ["maya", "Nobody decided in time: payments-maintainer"],
    ]);
  });

  test("waits a moment for the access itself, unless that begins later", () => {
    expect(mailsAbout(approved, pages)[0]?.afterMs).toBe(60_000);
    const later = { ...approved, grant: { ...grant, startsAt: after(60) } };
    expect(mailsAbout(later, pages)[0]?.afterMs).toBe(0);
    expect(text(later)).toContain("It begins Tue 24 Nov, 13:00 UTC.");
  });

  test("the first of two approvals is told to nobody", () => {
    expect(told({ ...approved, state: "PENDING", grant: null })).toEqual([]);
    expect(told({ ...approved, state: "PENDING" })).toEqual([]);
  });
});

describe("access", () => {
  const active: Story = { ...approved, ...system, kind: "grant.active", state: "ACTIVE" };
  const revoking: Story = {
    ...approved,
    kind: "grant.revoking",
    state: "REVOKING",
    why: "Incident is over",
  };
  const gone = (changes: Partial<StoryGrant>, at: Date): Story => ({
    ...active,
    kind: "grant.revoked",
    at,
    grant: { ...grant, endingAt: after(5), endReason: "Incident is over", ...changes },
  });

  test("in place is told to its holder, with its end", () => {
    expect(told(active)).toEqual([["maya", "You have payments-maintainer until 12:20 UTC"]]);
    expect(text(active)).toContain("- Maintainer in GitLab group acme/roles/payments");
    expect(mailsAbout(active, pages)[0]?.usefulUntil).toEqual(grant.endsAt);
  });

  test("that could not be set up is told with the reason", () => {
    expect(told({ ...active, kind: "grant.failed" })).toEqual([["maya", "payments-maintainer could not be set up"]]);
  });

  test("taken back by somebody else is told to its holder, with why", () => {
    expect(told(revoking)).toEqual([["maya", "Omar Haddad took payments-maintainer back"]]);
    expect(text(revoking)).toContain("> Incident is over");
    expect(told({ ...revoking, actorId: "maya" })).toEqual([]);
  });

  test("narrowed by a new version is told to its holder, with what is left", () => {
    const narrowed: Story = { ...revoking, kind: "grant.narrowed", grant: { ...grant, places: PLACES.slice(0, 1) } };
    expect(told(narrowed)).toEqual([["maya", "payments-maintainer gives you less now"]]);
    expect(text(narrowed)).toContain(
      "What you have until Tue 24 Nov, 12:20 UTC:\n- Maintainer in GitLab group acme/roles/payments\n\nhttps",
    );
    expect(text({ ...narrowed, grant: { ...grant, places: [] } })).toContain("Nothing of what you had is left.");
  });

  test("proved gone is told to its holder, with who took it back", () => {
    const taken = gone({ endedById: "omar", endedByName: "Omar Haddad" }, after(5.1));
    expect(told(taken)).toEqual([["maya", "payments-maintainer is gone"]]);
    expect(text(taken)).toContain("proved gone at 12:05:06 UTC, Tue 24 Nov. Omar Haddad took it back early.");
    expect(text({ ...taken, kind: "grant.ended" })).toContain("Its time was up.");
  });

  test("that goes on through another grant is not called gone, nor what was never in place", () => {
    const byOmar = { endedById: "omar", endedByName: "Omar Haddad" };
    expect(told(gone({ ...byOmar, isContinued: true }, after(5.1)))).toEqual([]);
    expect(told(gone({ ...byOmar, activeAt: null }, after(5.1)))).toEqual([]);
  });

  test("an extension that had not begun goes without a mail of its own", () => {
    expect(told({ ...revoking, isExtension: true, grant: { ...grant, activeAt: null } })).toEqual([]);
    expect(told({ ...revoking, isExtension: true })).toHaveLength(1);
    expect(told({ ...revoking, grant: { ...grant, activeAt: null } })).toHaveLength(1);
  });

  test("given back by its holder is told only when the proof took long", () => {
    const own = { endedById: "maya", endedByName: "Maya Chen" };
    expect(told(gone(own, after(5.5)))).toEqual([]);
    expect(told(gone(own, after(65)))).toHaveLength(1);
    expect(text(gone(own, after(65)))).toContain("You gave it back.");
  });
});

test.each([
  "request.withdrawn",
  "grant.scheduled",
  "grant.activating",
  "grant.ending",
  "binding.applied",
  "role.published",
  "person.joined",
  "token.created",
] as const)("%s is told to nobody", (kind) => {
  expect(mailsAbout({ ...approved, ...system, kind }, pages)).toEqual([]);
});

test("a removal by hand is told to the holder and to the owners, once to who is both", () => {
  const removal: DriftStory = {
    bindingId: "binding",
    at: NOON,
    personId: "maya",
    personName: "Maya\r\nChen",
    kind: "gitlab-group",
    target: "acme/roles/payments",
    roleSlugs: ["payments-maintainer"],
    grantId: "grant",
    ownerIds: ["omar", "maya"],
  };
  expect(mailsAboutRemoval(removal, pages).map(({ toId, subject }) => [toId, subject])).toEqual([
    ["maya", "Your access to acme/roles/payments was removed by hand"],
    ["omar", "Maya Chen’s access to acme/roles/payments was removed by hand"],
  ]);
});

test("a subject stays short, however long a name is", () => {
  const [mail] = mailsAbout({ ...asked, personName: "Maya ".repeat(100) }, pages);
  expect(mail?.subject.length).toBe(120);
});

test("names cannot add a header, nor a justification a paragraph of ours", () => {
  const hostile: Story = {
    ...asked,
    personName: "Maya\r\nBcc: everybody@acme.test\r\n\r\nAll good",
    roleName: "Payments\nmaintainer",
    ticket: "OPS-1\nApproved",
    justification: "Please\n\nLook at it and decide:\nhttps://evil.test/",
  };
  for (const mail of mailsAbout(hostile, pages)) {
    expect(mail.subject).not.toMatch(/[\r\n]/);
    expect(mail.text).not.toMatch(/^(Bcc|All good|Approved|maintainer)/m);
    expect(mail.text).not.toMatch(/^https:\/\/evil/m);
    expect(mail.text).toContain("> https://evil.test/");
  }
});
