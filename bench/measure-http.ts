import autocannon from "autocannon";
import { askFor, type Company } from "./ask.ts";
import { percentile, printTable } from "./table.ts";

const SECONDS = Number(process.env.BENCH_SECONDS ?? 8);

type Load = { name: string; aim: string; request: autocannon.Request | (() => autocannon.Request); amount?: number };

export async function measureHttp(company: Company): Promise<void> {
  const { filled, tokens } = company;
  const owner = tokens.get(filled.roles[0]?.ownerId ?? "") ?? "";
  const person = tokens.get(filled.people[60]?.id ?? "") ?? "";
  const admin = tokens.get("admin") ?? "";
  const get = (path: string, token: string): autocannon.Request => ({
    path: `/api/v1${path}`,
    method: "GET",
    headers: { authorization: `Bearer ${token}` },
  });
  const creations = createsFor(company);
  const approvals = await approvalsFor(company, Math.min(SECONDS * 250, 600));
  const loads: Load[] = [
    { name: "my requests", aim: "> 750 (8 × 94)", request: get("/requests?mine=true&limit=20", person) },
    { name: "waiting requests", aim: "> 750 (8 × 94)", request: get("/requests?awaiting=true&limit=20", owner) },
    { name: "history, first page", aim: "> 450 (15 × 30)", request: get("/history?limit=20", admin) },
    { name: "history, deep page", aim: "> 450 (15 × 30)", request: get("/history?limit=20&cursor=5000", admin) },
    { name: "create", aim: "> 350 (5 × 70)", request: creations },
    { name: "approve", aim: "> 208 (8 × 26)", request: approvals.next, amount: approvals.count },
  ];
  const rows: string[][] = [];
  for (const load of loads) rows.push(await fire(company, load));
  printTable(
    `Requests per second, 10 connections, ${SECONDS} s each`,
    ["request", "per second", "p50 ms", "p95 ms", "p99 ms", "2xx", "other", "aim"],
    rows,
  );
}

async function fire({ running }: Company, { name, aim, request, amount }: Load): Promise<string[]> {
  const times: number[] = [];
  let good = 0;
  let bad = 0;
  const instance = autocannon({
    url: running.url,
    connections: 10,
    ...(amount === undefined ? { duration: SECONDS } : { amount }),
    requests: [typeof request === "function" ? { setupRequest: (before) => ({ ...before, ...request() }) } : request],
  });
  instance.on("response", (_client, status, _bytes, ms) => {
    times.push(ms);
    if (status >= 200 && status < 300) good += 1;
    else bad += 1;
  });
  const start = performance.now();
  await new Promise<void>((resolve) => {
    instance.on("done", resolve);
  });
  const perSecond = (good + bad) / ((performance.now() - start) / 1_000);
  const ms = (share: number) => percentile(times, share).toFixed(1);
  return [name, perSecond.toFixed(0), ms(0.5), ms(0.95), ms(0.99), String(good), String(bad), aim];
}

/** Every person asks for every role in turn, so that no two of them collide. */
function createsFor({ filled, tokens }: Company): () => autocannon.Request {
  let n = 0;
  return () => {
    const person = filled.people[60 + (n % 900)];
    const role = filled.roles[1 + (Math.floor(n / 900) % (filled.roles.length - 1))];
    n += 1;
    return jsonPost("/requests", tokens.get(person?.id ?? "") ?? "", {
      role: role?.slug,
      minutes: 30,
      justification: "bench",
    });
  };
}

async function approvalsFor(
  company: Company,
  count: number,
): Promise<{ next: () => autocannon.Request; count: number }> {
  const asked = await askFor(company, count, 60, 30, 1);
  let n = 0;
  const next = () => {
    const request = asked[n];
    n += 1;
    return jsonPost(`/requests/${request?.id ?? ""}/approve`, request?.ownerToken ?? "", {});
  };
  return { next, count };
}

function jsonPost(path: string, token: string, body: object): autocannon.Request {
  return {
    path: `/api/v1${path}`,
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  };
}
