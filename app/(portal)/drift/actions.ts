"use server";

import { z } from "zod";
import { keepUnknownAccess } from "#lib/usecases/keep-unknown-access.ts";
import { removeUnknownAccess } from "#lib/usecases/remove-unknown-access.ts";
import { action } from "#lib/web/action.ts";

export const keepUnknownAccessAction = action(
  z.object({ accessId: z.uuid(), until: z.string(), reason: z.string() }),
  keepUnknownAccess,
);

export const removeUnknownAccessAction = action(
  z.object({ accessId: z.uuid(), reason: z.string() }),
  removeUnknownAccess,
);
