import { expect, test } from "vitest";
import { openSmallCompany, ROLE_GROUP } from "../worker/testing/small-company.ts";
import { sweepEverything } from "../worker/testing/sweep-everything.ts";
import { applyNarrowings, narrowingsBy } from "./narrowing.ts";

test("a share that a hand took while a narrower version was published stays taken", async () => {
  const company = await openSmallCompany();
  const grantId = await company.grant("maya", 60);
  await sweepEverything(company.deps);
  const role = await company.db.role.findFirstOrThrow();
  const developer = { connection: "gitlab", kind: "gitlab-group", target: ROLE_GROUP, level: "developer" } as const;
  await company.db.$transaction(async (tx) => {
    const narrowings = await narrowingsBy(tx, role.id, [developer]);
    expect(narrowings).toHaveLength(2);
    // As the worker does it, on its own connection, between what was read here and what is written.
    await company.db.grantBinding.updateMany({ where: { grantId }, data: { level: null } });
    await applyNarrowings(tx, narrowings, role, new Date(), role.id);
  });
  const levels = await company.db.grantBinding.findMany({ where: { grantId } });
  expect(levels.map(({ level }) => level)).toEqual([null, null]);
  await company.close();
});
