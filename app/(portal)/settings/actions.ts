"use server";

import { z } from "zod";
import { createToken } from "#lib/usecases/create-token.ts";
import { deactivatePerson } from "#lib/usecases/deactivate-person.ts";
import { revokeToken } from "#lib/usecases/revoke-token.ts";
import { action } from "#lib/web/action.ts";

const scopes = z.union([z.string().transform((text) => [text]), z.array(z.string())]).default([]);

export const createTokenAction = action(
  z.object({ name: z.string(), scopes, days: z.string().transform(Number) }),
  async (actor, input, context) => (await createToken(actor, input, context)).token,
);

export const revokeTokenAction = action(z.object({ tokenId: z.uuid() }), revokeToken);

export const deactivatePersonAction = action(z.object({ personId: z.uuid(), reason: z.string() }), deactivatePerson);
