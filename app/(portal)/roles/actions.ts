"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
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
    await rollbackRole(actor, input, context);
    redirect(`/roles/${input.slug}/versions`);
  },
);

export const publishRoleAction = action(
  roleForm.extend({ slug: z.string(), expectedVersion: whole, reason: z.string() }),
  async (actor, { slug, expectedVersion, reason, ...form }, context) => {
    await publishRole(
      actor,
      { slug, expectedVersion, reason, spec: await specOf(specFields(form), context.db) },
      context,
    );
    redirect(`/roles/${slug}`);
  },
);

export const createRoleAction = action(
  roleForm.extend({ slug: z.string(), reason: z.string() }),
  async (actor, { slug, reason, ...form }, context) => {
    await createRole(actor, { slug, reason, spec: await specOf(specFields(form), context.db) }, context);
    redirect(`/roles/${slug}`);
  },
);
