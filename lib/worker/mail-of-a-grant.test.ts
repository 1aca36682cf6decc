import { afterEach, beforeEach, expect, test } from "vitest";
import { announceEndings } from "../notify/announce-endings.ts";
import { followHistory } from "../notify/follow-history.ts";
import { mailServerAt } from "../notify/mail-server.ts";
import { sendMails } from "../notify/send-mails.ts";
import { reconcileBinding } from "./reconcile-binding.ts";
import { sweepEverything } from "./testing/sweep-everything.ts";
import { openSmallCompany, type SmallCompany } from "./testing/small-company.ts";

const pages = {
  request: (id: string) => `/requests/${id}`,
  grant: (id: string) => `/grants/${id}`,
  proposal: (id: string) => `/widenings/${id}`,
};

let company: SmallCompany;
beforeEach(async () => void (company = await openSmallCompany()));
afterEach(() => company.close());

async function tell(): Promise<void> {
  const { db, sandbox } = company;
  await followHistory(pages, { db });
  await announceEndings(pages, { db });
  const server = mailServerAt(`smtp://127.0.0.1:${sandbox.mailPort}`);
  await sendMails({ server, from: "daypass@acme.test" }, { db });
}

async function mailTo(username: string): Promise<{ subject: string; text: string }[]> {
  const { mail } = (await company.sandbox.state()) as { mail: { to: string[]; subject: string; text: string }[] };
  return mail.filter(({ to }) => to.includes(`${username}@acme.test`)).reverse();
}

const clock = (at: Date) => `${at.toISOString().slice(11, 16)} UTC`;

test("what the worker saw is what its holder is told: in place, near its end, gone", async () => {
  const id = await company.grant("maya", 60);
  await sweepEverything(company.deps);
  await tell();
  const { endsAt } = await company.db.grant.findUniqueOrThrow({ where: { id } });
  await company.wait(55);
  await tell();
  await company.wait(6);
  await sweepEverything(company.deps);
  await tell();
  await company.wait(60);
  await tell();
  const { closedAt } = await company.db.grant.findUniqueOrThrow({ where: { id } });
  expect((await mailTo("maya")).map(({ subject }) => subject)).toEqual([
    `You have payments until ${clock(endsAt)}`,
    `payments ends in 5 min, at ${clock(endsAt)}`,
    "payments is gone",
  ]);
  expect((await mailTo("maya"))[2]?.text).toContain(`proved gone at ${closedAt?.toISOString().slice(11, 19)} UTC`);
});

test("what a hand took is told once to the holder and to the owner, also when two grants had it", async () => {
  await company.grant("maya", 60);
  await company.grant("maya", 90);
  await sweepEverything(company.deps);
  await tell();
  await company.wait(5);
  await company.byHand("maya", null);
  for (let looks = 0; looks < 2; looks += 1)
    for (const { id } of await company.db.binding.findMany()) await reconcileBinding(id, company.deps);
  await tell();
  const about = async (username: string) =>
    (await mailTo(username)).filter(({ subject }) => subject.includes("removed by hand")).length;
  expect([await about("maya"), await about("omar")]).toEqual([1, 1]);
});
