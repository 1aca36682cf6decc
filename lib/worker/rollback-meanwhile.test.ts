import { afterEach, beforeEach, expect, test } from "vitest";
import type { AccessProvider } from "../providers/provider.ts";
import type { Entitlement } from "../domain/entitlement.ts";
import { writeFourEyes } from "../db/four-eyes.ts";
import { databaseNow } from "../db/now.ts";
import { verifyChain } from "../db/verify-chain.ts";
import { HOST } from "../domain/actor.ts";
import { publishRole } from "../usecases/publish-role.ts";
import { rollBack } from "../usecases/roll-back.ts";
import { sweepEverything } from "./testing/sweep-everything.ts";
import { IAM_GROUP, ROLE_GROUP, openSmallCompany, type SmallCompany } from "./testing/small-company.ts";

const GITLAB: Entitlement = { connection: "gitlab", kind: "gitlab-group", target: ROLE_GROUP, level: "maintainer" };
const AWS: Entitlement = { connection: "aws", kind: "aws-iam-group", target: IAM_GROUP, level: "member" };

let company: SmallCompany;
beforeEach(async () => {
  company = await openSmallCompany([GITLAB]);
  const { db } = company;
  await db.$transaction(async (tx) =>
    writeFourEyes(tx, HOST, await databaseNow(tx), { needed: false, reason: "first", causeId: null }),
  );
  const { ownerGroupId, requesterGroupId } = await db.roleVersion.findFirstOrThrow();
  const spec = {
    ...{ name: "Too much", summary: "", ownerGroupId, requesterGroupId },
    ...{ approvalsNeeded: 1, maxMinutes: 240, decideWithinMinutes: 60 },
    entitlements: [{ ...GITLAB, level: "owner" as const }, AWS],
  };
  await publishRole(
    await company.actor("omar"),
    { slug: "payments", spec, reason: "more", expectedVersion: 1 },
    { db },
  );
});
afterEach(async () => {
  expect((await verifyChain(company.db)).brokenAt).toBeNull();
  await company.close();
});

async function rollEverythingOfItBack(): Promise<void> {
  const { seq } = await company.db.change.findFirstOrThrow({ where: { kind: "role.published" } });
  const aim = { kind: "change", seq: Number(seq) } as const;
  await rollBack(await company.actor("ines"), { aim, reason: "too much" }, { db: company.db });
}

async function held() {
  const { gitlab, aws } = await company.sandbox.state();
  const member = gitlab.groups[ROLE_GROUP]?.members.find(({ username }: { username: string }) => username === "maya");
  return { gitlab: member?.access_level ?? null, aws: aws.groups[IAM_GROUP]?.includes("maya") ?? false };
}

/** Does something at one moment of the first write, as somebody at another desk would. */
function meanwhile(moment: "before" | "after", work: () => Promise<void>) {
  let isDone = false;
  const once = async () => {
    if (isDone) return;
    isDone = true;
    await work();
  };
  const wrap = (provider: AccessProvider): AccessProvider =>
    Object.assign(Object.create(provider) as AccessProvider, {
      apply: async (...args: Parameters<AccessProvider["apply"]>) => {
        if (moment === "before") await once();
        const answer = await provider.apply(...args);
        if (moment === "after") await once();
        return answer;
      },
    });
  return { ...company.deps, providerNamed: (name: string) => wrap(company.deps.providerNamed(name)) };
}

test.each(["before", "after"] as const)(
  "rolled back %s the provider was asked: what the role no longer gives is gone, the rest is in place",
  async (moment) => {
    const grantId = await company.grant("maya", 30);
    await sweepEverything(meanwhile(moment, rollEverythingOfItBack));
    await sweepEverything(company.deps);
    expect(await held()).toEqual({ gitlab: 40, aws: false });
    expect((await company.db.grant.findUniqueOrThrow({ where: { id: grantId } })).state).toBe("ACTIVE");
  },
);

test("rolled back while workers settle it: nobody waits for the other for ever", async () => {
  await company.grant("maya", 30);
  await Promise.all([
    sweepEverything(company.deps),
    rollEverythingOfItBack(),
    sweepEverything({ ...company.deps, workerId: "other" }),
  ]);
  await sweepEverything(company.deps);
  expect(await held()).toEqual({ gitlab: 40, aws: false });
});
