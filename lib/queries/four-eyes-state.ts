import "server-only";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { needsFourEyes } from "../db/four-eyes.ts";

export type FourEyesState = {
  readonly needed: boolean;
  /** The proposal to do without a second person that waits now. */
  readonly waitingId: string | null;
  readonly maySwitch: boolean;
};

/** Whether what gives more waits for a second person; for admins and auditors, null for everybody else. */
export async function fourEyesState(viewer: Viewer, { db }: { db: Db }): Promise<FourEyesState | null> {
  if (!seesAll(viewer)) return null;
  const [needed, waiting] = await Promise.all([
    needsFourEyes(db),
    db.widening.findFirst({ where: { kind: "four-eyes", state: "PENDING" }, select: { id: true } }),
  ]);
  return { needed, waitingId: waiting?.id ?? null, maySwitch: viewer.isAdmin };
}
