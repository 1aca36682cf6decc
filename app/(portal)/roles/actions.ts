"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { Refused } from "#lib/domain/refusals.ts";
import { createRole } from "#lib/usecases/create-role.ts";
import { publishRole } from "#lib/usecases/publish-role.ts";
import { rollbackRole } from "#lib/usecases/rollback-role.ts";
import { action } from "#lib/web/action.ts";
import { roleForm, specFields } from "#lib/web/role-form.ts";
import { specOf } from "#lib/web/role-spec.ts";

const whole = z.string().transform(Number);

export const rollbackRoleAction = action(
  z.object({ slug: z.string(), version: whole, expectedVersion: whole, reason: z.string() }),
  async (actor, input, context) => {
    const { slug, version } = await orShowAnew(rollbackRole(actor, input, context));
    redirect(`/roles/${slug}/versions/${version}`);
  },
);

export const publishRoleAction = action(
  roleForm.extend({ slug: z.string(), expectedVersion: whole, reason: z.string() }),
  async (actor, { slug, expectedVersion, reason, ...form }, context) => {
    const spec = await specOf(specFields(form), context.db);
    const { version } = await orShowAnew(publishRole(actor, { slug, expectedVersion, reason, spec }, context));
    redirect(`/roles/${slug}/versions/${version}`);
  },
);

export const createRoleAction = action(
  roleForm.extend({ slug: z.string(), reason: z.string() }),
  async (actor, { slug, reason, ...form }, context) => {
    await createRole(actor, { slug, reason, spec: await specOf(specFields(form), context.db) }, context);
    redirect(`/roles/${slug}`);
  },
);

/** A preview that somebody overtook is shown again as it is now, together with the refusal. */
async function orShowAnew<T>(publication: Promise<T>): Promise<T> {
  try {
    return await publication;
  } catch (error) {
    if (error instanceof Refused && error.code === "role-version-stale") refresh();
    throw error;
  }
}
