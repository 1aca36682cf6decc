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
    showOutcome(input, await orShowAnew(rollbackRole(actor, input, context)));
  },
);

export const publishRoleAction = action(
  roleForm.extend({ slug: z.string(), expectedVersion: whole, reason: z.string() }),
  async (actor, { slug, expectedVersion, reason, ...form }, context) => {
    const spec = await specOf(specFields(form), context.db);
    const input = { slug, expectedVersion, reason, spec };
    showOutcome(input, await orShowAnew(publishRole(actor, input, context)));
  },
);

export const createRoleAction = action(
  roleForm.extend({ slug: z.string(), reason: z.string() }),
  async (actor, { slug, reason, ...form }, context) => {
    const spec = await specOf(specFields(form), context.db);
    const { wideningId } = await createRole(actor, { slug, reason, spec }, context);
    redirect(wideningId === null ? `/roles/${slug}` : `/widenings/${wideningId}`);
  },
);

/** The new version where there is one; else all of it waits, and the page of the proposal says for whom. */
function showOutcome(
  { slug, expectedVersion }: { slug: string; expectedVersion: number },
  { version, wideningId }: { version: number; wideningId: string | null },
): never {
  redirect(
    version === expectedVersion && wideningId !== null
      ? `/widenings/${wideningId}`
      : `/roles/${slug}/versions/${version}`,
  );
}

/** A preview that somebody overtook is shown again as it is now, together with the refusal. */
async function orShowAnew<T>(publication: Promise<T>): Promise<T> {
  try {
    return await publication;
  } catch (error) {
    if (error instanceof Refused && error.code === "role-version-stale") refresh();
    throw error;
  }
}
