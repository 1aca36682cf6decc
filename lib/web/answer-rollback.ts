import "server-only";
import type { Actor } from "../domain/actor.ts";
import { Refused } from "../domain/refusals.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { previewOfRollback } from "../queries/preview-rollback.ts";
import { rollBack, type RollBack } from "../usecases/roll-back.ts";

type Caller = { readonly viewer: Viewer; readonly actor: Actor; readonly db: Db };
type Asked = Omit<RollBack, "reason"> & { readonly dryRun: boolean; readonly reason?: string | undefined };

/** Says what a rollback would do, or does it. @param reason where none was given */
export async function answerRollback({ viewer, actor, db }: Caller, asked: Asked, reason: string): Promise<unknown> {
  const { dryRun, ...input } = asked;
  if (!dryRun) return rollBack(actor, { ...input, reason: input.reason ?? reason }, { db });
  const preview = await previewOfRollback(viewer, input.aim, input.choices ?? {}, { db });
  if (!preview) throw new Refused("not-allowed");
  return preview;
}
