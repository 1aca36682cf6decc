import "server-only";
import type { Seen } from "../domain/binding.ts";
import type { PlaceKind } from "../domain/entitlement.ts";
import type { Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { givenBy, watches } from "./watched.ts";

/** The stored proof of one change at a provider. */
export type Receipt = {
  readonly id: string;
  readonly action: "apply" | "remove" | "restore";
  readonly asked: Seen;
  readonly answer: { readonly status: number; readonly words: string };
  readonly readBack: Seen;
  readonly at: Date;
};

/** With the place, and the account whose access behind no grant it was. */
export type AccessReceipt = Receipt & {
  readonly kind: PlaceKind;
  readonly target: string;
  readonly account: string;
  readonly personName: string | null;
};

/** Of a receipt `x`. */
export const RECEIPT = Prisma.sql`x.id, x.action, x.asked, x.answer, x.read_back AS "readBack", x.at`;

/** What was taken from accounts whose access no grant explained, newest first, at places of the viewer's roles. */
export async function accessReceipts(
  viewer: Viewer,
  { limit }: { limit: number },
  { db }: { db: Db },
): Promise<AccessReceipt[]> {
  return readAccessReceipts(db, Prisma.sql`${givenBy(watches(viewer))} ORDER BY x.id DESC LIMIT ${limit}`);
}

/** The one that an entry of the history names. Whoever may see the entry may see its proof. */
export async function accessReceipt(receiptId: string, { db }: { db: Db }): Promise<AccessReceipt | null> {
  return (await readAccessReceipts(db, Prisma.sql`x.id = ${receiptId}::uuid`))[0] ?? null;
}

async function readAccessReceipts(db: Db, which: Prisma.Sql): Promise<AccessReceipt[]> {
  return db.$queryRaw<AccessReceipt[]>`
    SELECT ${RECEIPT}, m.kind, m.target, u.username AS account, p.name AS "personName"
    FROM receipt x
      JOIN unknown_access u ON u.id = x.access_id
      JOIN managed_place m ON m.id = u.place_id
      LEFT JOIN provider_account a ON a.connection = m.connection AND a.external_id = u.external_id
      LEFT JOIN person p ON p.id = a.person_id
    WHERE ${which}`;
}
