import { v7 as newId } from "uuid";
import type { Seen } from "../domain/binding.ts";
import type { Answer } from "../providers/provider.ts";
import type { Tx } from "../db/client.ts";

export type NewReceipt = {
  readonly of: { readonly bindingId: string } | { readonly accessId: string };
  readonly action: "apply" | "remove" | "restore";
  readonly asked: Seen;
  readonly answer: Answer;
  readonly readBack: Seen;
  /** Since when it was owed, where no grant's end says so. */
  readonly owedSince: Date | null;
  readonly at: Date;
  readonly worker: string;
};

/** Keeps the proof of one provider change, with the rows that it proves. Gives the receipt's id. */
export async function writeReceipt(tx: Tx, { of, answer, ...receipt }: NewReceipt): Promise<string> {
  const id = newId();
  const { action, asked, readBack, owedSince, at, worker } = receipt;
  await tx.$executeRaw`
    INSERT INTO receipt (id, binding_id, access_id, action, asked, answer, read_back, owed_since, at, worker)
    VALUES (${id}::uuid, ${"bindingId" in of ? of.bindingId : null}::uuid,
      ${"accessId" in of ? of.accessId : null}::uuid, ${action}, ${JSON.stringify(asked)}::jsonb,
      ${JSON.stringify(answer)}::jsonb, ${JSON.stringify(readBack)}::jsonb, ${owedSince}::timestamptz, ${at}, ${worker})`;
  return id;
}
