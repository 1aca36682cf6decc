import type { Filled } from "./fill.ts";
import type { BenchStage } from "./stage.ts";

/** A stage with a company on it. Tokens are by person's id; the admin's is under "admin". */
export type Company = BenchStage & { readonly filled: Filled; readonly tokens: ReadonlyMap<string, string> };

export async function api<T>({ running }: BenchStage, token: string, path: string, body: object): Promise<T> {
  const answer = await fetch(`${running.url}/api/v1${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** One waiting request each for `count` people, on roles in turn from `firstRole`. */
export async function askFor(
  company: Company,
  count: number,
  firstPerson: number,
  minutes = 60,
  roles = company.filled.roles.length,
) {
  const { filled, tokens } = company;
  const asked: { id: string; ownerToken: string }[] = [];
  for (let n = 0; n < count; n += 1) {
    const person = filled.people[firstPerson + n];
    const role = filled.roles[n % roles];
    if (!person || !role) throw new Error("not enough people");
    const body = { role: role.slug, minutes, justification: "bench" };
    const { id } = await api<{ id: string }>(company, tokens.get(person.id) ?? "", "/requests", body);
    asked.push({ id, ownerToken: tokens.get(role.ownerId) ?? "" });
  }
  return asked;
}
