import { v7 as newId } from "uuid";
import type { Actor, HostActor } from "../domain/actor.ts";
import { Refused, orRefuse } from "../domain/refusals.ts";
import { judgeReason, judgeRoleSpec, judgeSlug, type RoleSpec } from "../domain/role.ts";
import type { Db } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { databaseNow } from "../db/now.ts";
import { record } from "../db/record.ts";
import { specJson, writeRoleVersion } from "../db/write-role-version.ts";

export type CreateRole = { readonly slug: string; readonly spec: RoleSpec; readonly reason: string };

/** A new role, at version 1. Admins only, or the host itself when it seeds. */
export async function createRole(
  actor: Actor | HostActor,
  input: CreateRole,
  { db }: { db: Db },
): Promise<{ slug: string; version: number }> {
  if (!("personId" in actor ? actor.isAdmin : true)) throw new Refused("not-allowed");
  orRefuse(judgeSlug(input.slug), "slug");
  const verdict = judgeRoleSpec(input.spec);
  orRefuse(verdict, verdict.field);
  orRefuse(judgeReason(input.reason), "reason");

  await durably(db, async (tx) => {
    const now = await databaseNow(tx);
    const roleId = newId();
    const inserted = await tx.$executeRaw`
      INSERT INTO role (id, slug, current_version, created_at) VALUES (${roleId}::uuid, ${input.slug}, 1, ${now})
      ON CONFLICT (slug) DO NOTHING`;
    if (inserted === 0) throw new Refused("slug-taken", "slug");
    await writeRoleVersion(tx, input.spec, {
      roleId,
      version: 1,
      reason: input.reason,
      publishedById: "personId" in actor ? actor.personId : null,
      publishedAt: now,
      restores: null,
    });
    await record(tx, actor, now, [
      {
        kind: "role.created",
        about: { role: input.slug, version: 1 },
        roleId,
        why: input.reason,
        after: specJson(input.spec, 1),
      },
    ]);
  });
  return { slug: input.slug, version: 1 };
}
