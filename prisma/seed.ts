import { v7 as newId } from "uuid";
import { HOST } from "../lib/domain/actor.ts";
import type { Entitlement, Level } from "../lib/domain/entitlement.ts";
import type { Db } from "../lib/db/client.ts";
import { durably } from "../lib/db/durably.ts";
import { writeFourEyes } from "../lib/db/four-eyes.ts";
import { databaseNow } from "../lib/db/now.ts";
import { createRole } from "../lib/usecases/create-role.ts";

type SeedRole = {
  readonly slug: string;
  readonly name: string;
  readonly summary: string;
  readonly group: string;
  readonly level: Level;
  readonly maxMinutes: number;
};

const ROLES: readonly SeedRole[] = [
  {
    slug: "payments-maintainer",
    name: "Payments maintainer",
    summary: "Merge and deploy payments, and change its CI settings.",
    group: "acme/payments",
    level: "maintainer",
    maxMinutes: 8 * 60,
  },
  {
    slug: "payments-owner",
    name: "Payments owner",
    summary: "Everything in payments: members, tokens, transfer and deletion.",
    group: "acme/payments",
    level: "owner",
    maxMinutes: 60,
  },
  {
    slug: "platform-maintainer",
    name: "Platform maintainer",
    summary: "Merge and deploy the platform, and reach its AWS account.",
    group: "acme/platform",
    level: "maintainer",
    maxMinutes: 4 * 60,
  },
  {
    slug: "data-developer",
    name: "Data developer",
    summary: "Push to the data pipelines and read their buckets.",
    group: "acme/data",
    level: "developer",
    maxMinutes: 24 * 60,
  },
];

/** The sandbox's roles. Safe to run again: a role that is there stays as it is. */
export async function seed(db: Db): Promise<void> {
  await letWideningGo(db);
  for (const role of ROLES) {
    if (await db.role.findUnique({ where: { slug: role.slug } })) continue;
    const groupId = await groupNamed(db, role.group);
    await createRole(
      HOST,
      {
        slug: role.slug,
        reason: "Comes with the sandbox",
        spec: {
          name: role.name,
          summary: role.summary,
          ownerGroupId: groupId,
          requesterGroupId: groupId,
          approvalsNeeded: 1,
          maxMinutes: role.maxMinutes,
          decideWithinMinutes: 24 * 60,
          entitlements: entitlementsOf(role),
        },
      },
      { db },
    );
  }
}

/** One person tries everything here, so nothing waits for a second one until an admin switches that on. */
async function letWideningGo(db: Db): Promise<void> {
  if (await db.fourEyes.findUnique({ where: { id: 1 } })) return;
  await durably(db, async (tx) => {
    const off = { needed: false, reason: "Comes with the sandbox", causeId: null };
    await writeFourEyes(tx, HOST, await databaseNow(tx), off);
  });
}

function entitlementsOf({ slug, level }: SeedRole): Entitlement[] {
  return [
    { connection: "gitlab", kind: "gitlab-group", target: `acme/roles/${slug}`, level },
    { connection: "aws", kind: "aws-iam-group", target: slug, level: "member" },
  ];
}

/** The group's row, by path; the first directory sync adds GitLab's own id and its members. */
async function groupNamed(db: Db, path: string): Promise<string> {
  const group = await db.group.upsert({
    where: { connection_path: { connection: "gitlab", path } },
    create: { id: newId(), connection: "gitlab", path, name: path.split("/").at(-1) ?? path },
    update: {},
  });
  return group.id;
}
