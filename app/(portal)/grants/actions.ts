"use server";

import { z } from "zod";
import { releaseGrant } from "#lib/usecases/release-grant.ts";
import { revokeGrant } from "#lib/usecases/revoke-grant.ts";
import { action } from "#lib/web/action.ts";

export const releaseGrantAction = action(z.object({ grantId: z.uuid() }), releaseGrant);

export const revokeGrantAction = action(z.object({ grantId: z.uuid(), reason: z.string() }), revokeGrant);
