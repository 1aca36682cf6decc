import { Refused } from "#lib/domain/refusals.ts";
import type { Viewer } from "#lib/domain/viewer.ts";
import { previewOfRollback } from "#lib/queries/preview-rollback.ts";

type Arguments = Parameters<typeof previewOfRollback>;

/** Null also where there is nothing that could be rolled back. */
export async function previewOrNull(viewer: Viewer, aim: Arguments[1], choices: Arguments[2], db: Arguments[3]["db"]) {
  try {
    return await previewOfRollback(viewer, aim, choices, { db });
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}
