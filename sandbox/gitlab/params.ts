import type { HonoRequest } from "hono";
import { badParameters, Refusal } from "./refusals.ts";

export type Params = Readonly<Record<string, unknown>>;

/** Query string and body as one, whatever the method: clients send DELETE parameters in a JSON body. The body wins. */
export async function readParams(request: HonoRequest): Promise<Params> {
  const fromQuery = fromPairs(new URL(request.url).searchParams);
  if (request.method === "GET" || request.method === "HEAD") return fromQuery;
  const body = await request.text();
  if (body === "") return fromQuery;
  const isForm = request.header("content-type")?.startsWith("application/x-www-form-urlencoded");
  return { ...fromQuery, ...(isForm ? fromPairs(new URLSearchParams(body)) : fromJson(body)) };
}

/** Refuses when any of these is missing, naming all of them. */
export function requireParams(params: Params, names: readonly string[], others: readonly string[] = []): void {
  const missing = names.filter((name) => isBlank(params[name])).map((name) => `${name} is missing`);
  const problems = [...missing, ...others];
  if (problems.length > 0) throw badParameters(problems);
}

export function readInteger(params: Params, name: string): number | undefined {
  const value = params[name];
  if (isBlank(value)) return undefined;
  const number = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isSafeInteger(number)) throw badParameters([`${name} is invalid`]);
  return number;
}

export function readBoolean(params: Params, name: string): boolean {
  const value = params[name];
  if (isBlank(value)) return false;
  if (value === true || value === "true" || value === "1") return true;
  if (value === false || value === "false" || value === "0") return false;
  throw badParameters([`${name} is invalid`]);
}

export function readText(params: Params, name: string): string | undefined {
  const value = params[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw badParameters([`${name} is invalid`]);
}

/** A date without a time. A timestamp is cut to its date; null and "" clear it; undefined when it was not sent. */
export function readDate(params: Params, name: string): string | null | undefined {
  const value = params[name];
  if (value === undefined) return undefined;
  if (isBlank(value)) return null;
  const date = typeof value === "string" ? /^\d{4}-\d{2}-\d{2}(?=$|T| )/.exec(value)?.[0] : undefined;
  if (date === undefined || !isCalendarDate(date)) throw badParameters([`${name} is invalid`]);
  return date;
}

/** `user_ids[]=1&user_ids[]=2`, `user_ids=1` or a JSON list. */
export function readIntegers(params: Params, name: string): number[] | undefined {
  const value = params[name];
  if (isBlank(value)) return undefined;
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((each) => readInteger({ [name]: each }, name) ?? []);
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function isCalendarDate(date: string): boolean {
  const parsed = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date);
}

function fromPairs(pairs: URLSearchParams): Params {
  const params: Record<string, unknown> = {};
  for (const key of new Set(pairs.keys())) {
    if (key.endsWith("[]")) params[key.slice(0, -2)] = pairs.getAll(key);
    else params[key] = pairs.getAll(key).at(-1);
  }
  return params;
}

function fromJson(body: string): Params {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    throw notJson();
  }
  throw notJson();
}

const notJson = () => new Refusal(400, { error: "There was a problem in the JSON you submitted" });
