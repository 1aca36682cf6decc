import type { Actor, HostActor } from "../domain/actor.ts";
import type { Db, Tx } from "./client.ts";
import { record } from "./record.ts";

/** Whether what gives more waits for a second person. It does until somebody switched it off. */
export async function needsFourEyes(db: Db | Tx): Promise<boolean> {
  const [row] = await db.$queryRaw<{ needed: boolean }[]>`SELECT needed FROM four_eyes WHERE id = 1`;
  return row?.needed ?? true;
}

export type Switch = {
  readonly needed: boolean;
  readonly reason: string;
  readonly causeId: string | null;
  readonly undoes?: number | undefined;
};

export async function writeFourEyes(
  tx: Tx,
  actor: Actor | HostActor,
  now: Date,
  { needed, reason, causeId, undoes }: Switch,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO four_eyes (id, needed) VALUES (1, ${needed}) ON CONFLICT (id) DO UPDATE SET needed = ${needed}`;
  await record(tx, actor, now, [
    {
      kind: "four-eyes.switched",
      about: { needed, ...(undoes === undefined ? {} : { undoes }) },
      causeId,
      why: reason,
      before: { needed: !needed },
      after: { needed },
    },
  ]);
}

/** One at a time: who switches and who decides about switching. Nobody can lock a row that is not there. */
export async function lockFourEyes(tx: Tx): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('four-eyes', 0))::text`;
}
