"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { createToken } from "#lib/usecases/create-token.ts";
import { deactivatePerson } from "#lib/usecases/deactivate-person.ts";
import { setRetention } from "#lib/usecases/set-retention.ts";
import { switchFourEyes } from "#lib/usecases/switch-four-eyes.ts";
import { revokeToken } from "#lib/usecases/revoke-token.ts";
import { action } from "#lib/web/action.ts";

const scopes = z.union([z.string().transform((text) => [text]), z.array(z.string())]).default([]);

export const createTokenAction = action(
  z.object({ name: z.string(), scopes, days: z.string().transform(Number) }),
  async (actor, input, context) => (await createToken(actor, input, context)).token,
);

export const revokeTokenAction = action(z.object({ tokenId: z.uuid() }), revokeToken);

export const deactivatePersonAction = action(z.object({ personId: z.uuid(), reason: z.string() }), deactivatePerson);

export const setRetentionAction = action(
  z.object({
    days: z.string().transform((text) => (text === "for-ever" ? null : Number(text))),
    reason: z.string(),
    basis: z.string().optional(),
  }),
  async (actor, input, context) => {
    const { wideningId } = await setRetention(actor, input, context);
    redirect(wideningId === null ? "/settings/retention" : `/widenings/${wideningId}`);
  },
);

export const switchFourEyesAction = action(
  z.object({ needed: z.enum(["yes", "no"]), reason: z.string() }),
  async (actor, { needed, reason }, context) => {
    const { wideningId } = await switchFourEyes(actor, { needed: needed === "yes", reason }, context);
    if (wideningId !== null) redirect(`/widenings/${wideningId}`);
  },
);
