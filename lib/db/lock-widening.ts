import type { Tx } from "./client.ts";
import { lockFourEyes } from "./four-eyes.ts";
import { Prisma } from "./generated/client.ts";
import { lockRoles, type LockedRole } from "./lock-role.ts";
import { lockRetention } from "./retention.ts";
import { readWideningCase, type WideningRow } from "./read-widening-case.ts";

/** A widening with everything that it depends on, held still until commit. */
export async function lockWidening(
  tx: Tx,
  id: string,
): Promise<{ widening: WideningRow | null; role: LockedRole | null }> {
  const found = await tx.widening.findUnique({ where: { id }, select: { roleId: true, kind: true } });
  if (!found) return { widening: null, role: null };
  if (found.kind === "four-eyes") await lockFourEyes(tx);
  if (found.kind === "retention") await lockRetention(tx);
  const [role] = found.roleId === null ? [] : await lockRoles(tx, Prisma.sql`id = ${found.roleId}::uuid`);
  return { widening: await readWideningCase(tx, id), role: role ?? null };
}
