import { mintTokenFor } from "../e2e/mint.ts";
import type { Company } from "./ask.ts";
import { fill } from "./fill.ts";
import type { BenchStage } from "./stage.ts";

/** A company with a past, whose people all have a token. */
export async function foundCompany(
  stage: BenchStage,
  size: { people: number; groups: number; requests: number },
): Promise<Company> {
  await stage.seed(size);
  console.log(`bench: filling in ${size.requests} requests`);
  const { db } = stage;
  const filled = await fill(db, size);
  const tokens = new Map<string, string>();
  for (const person of filled.people) tokens.set(person.id, await mintTokenFor(db, person.id));
  const ines = await db.person.findFirstOrThrow({ where: { username: "ines" } });
  await db.person.update({ where: { id: ines.id }, data: { isAdmin: true } });
  tokens.set("admin", await mintTokenFor(db, ines.id));
  return { ...stage, filled, tokens };
}
