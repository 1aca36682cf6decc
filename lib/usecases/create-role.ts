import { v7 as newId } from "uuid";
import type { Actor, HostActor } from "../domain/actor.ts";
import { Refused, orRefuse } from "../domain/refusals.ts";
import { judgeReason, judgeRoleSpec, judgeSlug, type RoleSpec } from "../domain/role.ts";
import { givingNothing } from "../domain/widening.ts";
import type { Db, Tx } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { needsFourEyes } from "../db/four-eyes.ts";
import { databaseNow } from "../db/now.ts";
import { asSpelled, requireSpelling } from "../db/place-spelling.ts";
import { proposeWidening } from "../db/propose-widening.ts";
import { record } from "../db/record.ts";
import { specJson, writeRoleVersion } from "../db/write-role-version.ts";

export type CreateRole = { readonly slug: string; readonly spec: RoleSpec; readonly reason: string };

export type CreatedRole = { readonly slug: string; readonly version: 1; readonly wideningId: string | null };

/**
 * A new role, at version 1. Admins only, or the host itself when it seeds. Where what gives more waits for a second
 * person, version 1 gives nothing and what it is meant to give waits.
 */
export async function createRole(
  actor: Actor | HostActor,
  input: CreateRole,
  { db }: { db: Db },
): Promise<CreatedRole> {
  if (!("personId" in actor ? actor.isAdmin : true)) throw new Refused("not-allowed");
  orRefuse(judgeSlug(input.slug), "slug");
  const verdict = judgeRoleSpec(input.spec);
  orRefuse(verdict, verdict.field);
  orRefuse(judgeReason(input.reason), "reason");

  return durably(db, async (tx) => {
    await requireSpelling(tx, input.spec.entitlements);
    const waits = "personId" in actor && (await needsFourEyes(tx));
    const first = await insertRole(tx, actor, { ...input, spec: waits ? givingNothing(input.spec) : input.spec });
    if (!waits) return { slug: input.slug, version: 1, wideningId: null };
    const wideningId = await proposeWidening(tx, actor, first.role, {
      wanted: input.spec,
      reason: input.reason,
      restores: null,
      causeId: first.changeId,
      waitsAnyway: false,
    });
    return { slug: input.slug, version: 1, wideningId };
  });
}

async function insertRole(tx: Tx, actor: Actor | HostActor, { slug, spec: asked, reason }: CreateRole) {
  const now = await databaseNow(tx);
  const [id, changeId] = [newId(), newId()];
  const inserted = await tx.$executeRaw`
    INSERT INTO role (id, slug, current_version, created_at) VALUES (${id}::uuid, ${slug}, 1, ${now})
    ON CONFLICT (slug) DO NOTHING`;
  if (inserted === 0) throw new Refused("slug-taken", "slug");
  const spec = { ...asked, entitlements: await asSpelled(tx, asked.entitlements) };
  const versionId = await writeRoleVersion(tx, spec, {
    roleId: id,
    version: 1,
    reason,
    publishedById: "personId" in actor ? actor.personId : null,
    publishedAt: now,
    restores: null,
  });
  await record(tx, actor, now, [
    {
      id: changeId,
      kind: "role.created",
      about: { role: slug, version: 1 },
      roleId: id,
      why: reason,
      after: specJson(spec, 1),
    },
  ]);
  return { role: { id, slug, now, current: { ...spec, version: 1, versionId } }, changeId };
}
