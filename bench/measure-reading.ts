import type { Company } from "./ask.ts";
import { COMMON, RARE } from "./fill-history.ts";
import { LATENCY_HEADINGS, latencyRow, printTable } from "./table.ts";

const TIMES = 60;
const AIM = "p95 < 60";

type Query = Readonly<Record<string, string | number>>;
type Question = { readonly name: string; readonly path?: string; readonly query: (n: number) => Query };

/** Every way to read the history, through the API, as an admin, an owner of roles and somebody who sees their own alone. */
export async function measureReading(company: Company): Promise<void> {
  const questions = await questionsOf(company);
  for (const [reader, token] of company.tokens) {
    const rows: string[][] = [];
    for (const { name, path = "/history", query } of questions) {
      const values: number[] = [];
      for (let n = 0; n < TIMES; n += 1) values.push(await ask(company, token, path, query(n)));
      rows.push(latencyRow({ name, values, aim: AIM }));
    }
    printTable(`Reading the history, ${reader}`, LATENCY_HEADINGS, rows);
  }
}

async function ask({ running }: Company, token: string, path: string, query: Query): Promise<number> {
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  const start = performance.now();
  const answer = await fetch(`${running.url}/api/v1${path}?${search.toString()}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}?${search.toString()}: ${answer.status} ${text}`);
  return performance.now() - start;
}

async function questionsOf({ db, filled: { people, roles } }: Company): Promise<Question[]> {
  const head = Number((await db.chainHead.findFirstOrThrow()).seq);
  const times = await db.change.findMany({
    where: { seq: { in: Array.from({ length: TIMES }, (_, n) => BigInt(Math.ceil(((n + 1) / (TIMES + 1)) * head))) } },
    orderBy: { seq: "asc" },
  });
  const moment = (n: number) => times[n % times.length]?.at.toISOString() ?? "";
  const later = (n: number, days: number) => new Date(Date.parse(moment(n)) + days * 86_400_000).toISOString();
  const role = (n: number) => roles[(n * 7) % roles.length]?.slug ?? "";
  const target = (n: number) => (n % 2 === 0 ? `acme/roles/${role(n)}` : role(n));
  const person = (n: number) => people[(n * 13) % people.length]?.id ?? "";
  const outcomes = ["approved", "denied", "gone", "in-place", "failed", "by-hand"];
  const provider = (n: number) => (n % 2 === 0 ? "gitlab" : "aws");
  return [
    { name: "first page", query: () => ({}) },
    { name: "deep page", query: (n) => ({ cursor: Math.ceil((head * (n + 1)) / (TIMES + 1)) }) },
    { name: "role", query: (n) => ({ role: role(n) }) },
    { name: "person", query: (n) => ({ person: person(n) }) },
    { name: "actor", query: (n) => ({ actor: person(n) }) },
    { name: "kind", query: (n) => ({ kind: n % 2 === 0 ? "grant.active" : "role.published" }) },
    { name: "outcome", query: (n) => ({ outcome: outcomes[n % outcomes.length] ?? "" }) },
    { name: "provider", query: (n) => ({ provider: provider(n) }) },
    { name: "target", query: (n) => ({ target: target(n) }) },
    { name: "a day", query: (n) => ({ since: moment(n), until: later(n, 1) }) },
    {
      name: "role, kind, provider and a month",
      query: (n) => ({
        ...{ role: role(n), kind: "binding.removed", provider: provider(n), since: moment(n), until: later(n, 30) },
      }),
    },
    { name: "role and kind, none", query: (n) => ({ role: role(n), kind: "request.denied" }) },
    { name: "a rare word", query: () => ({ q: RARE }) },
    { name: "a very common word", query: () => ({ q: COMMON }) },
    { name: "a word that is nowhere", query: () => ({ q: "nowhere" }) },
    { name: "two common words, never together", query: () => ({ q: `${COMMON} removed` }) },
    { name: "a common word and a ticket", query: (n) => ({ q: `${COMMON} OPS-${n * 1_000}` }) },
    { name: "a common word, deep", query: (n) => ({ q: COMMON, cursor: Math.ceil((head * (n + 1)) / (TIMES + 1)) }) },
    { name: "who had it then", path: "/history/access", query: (n) => ({ place: target(n), at: moment(n) }) },
    { name: "what did they have then", path: "/history/access", query: (n) => ({ person: person(n), at: moment(n) }) },
  ];
}
