import { randomBytes, randomInt } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { v7 as newId } from "uuid";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Actor } from "../lib/domain/actor.ts";
import { approveRequest } from "../lib/usecases/approve-request.ts";
import { submitRequest } from "../lib/usecases/submit-request.ts";
import { judgeBy, type Answered } from "../lib/web/testing/described.ts";
import { eventually, openStage, type Stage } from "./daypass.ts";
import { mintSessionFor, mintTokenFor } from "./mint.ts";

/** One matrix over every page, action and endpoint. A route that is not in it fails the suite. */
const ROLES = [
  "nobody",
  "requester",
  "other developer",
  "owner",
  "owner of another",
  "auditor",
  "admin",
  "deactivated",
] as const;
type Role = (typeof ROLES)[number];
type Row = readonly [what: string, ...answers: (number | string)[]];

const USERNAME: Record<Exclude<Role, "nobody">, string> = {
  requester: "maya",
  "other developer": "lena",
  owner: "omar",
  "owner of another": "noor",
  auditor: "theo",
  admin: "ines",
  deactivated: "dora",
};

// GET with a session. 307 leads to the sign-in page, or from it when one is signed in.
// prettier-ignore
const PAGES: readonly Row[] = [
  //                                              nobody maya lena omar noor theo ines dora
  ["/",                                             307, 200, 200, 200, 200, 200, 200, 307],
  ["/[...address]",                                 307, 404, 404, 404, 404, 404, 404, 307],
  ["/approvals",                                    307, 200, 200, 200, 200, 200, 200, 307],
  ["/dashboard",                                    307, 404, 404, 200, 200, 200, 200, 307],
  ["/drift",                                        307, 404, 404, 200, 200, 200, 200, 307],
  ["/evidence",                                     307, 404, 404, 404, 404, 200, 200, 307],
  ["/grants/[grantId]",                             307, 200, 404, 200, 404, 200, 200, 307],
  ["/history",                                      307, 200, 200, 200, 200, 200, 200, 307],
  ["/history/access",                               307, 200, 200, 200, 200, 200, 200, 307],
  ["/history/[seq]",                                307, 200, 404, 200, 404, 200, 200, 307],
  ["/history/[seq]/rollback",                       307, 404, 404, 404, 404, 404, 200, 307],
  ["/history/rollback",                             307, 404, 404, 404, 404, 404, 200, 307],
  ["/people/[personId]",                            307, 200, 404, 200, 404, 200, 200, 307],
  ["/requests/[requestId]",                         307, 200, 404, 200, 404, 200, 200, 307],
  ["/requests/[requestId]/evidence",                307, 200, 404, 200, 404, 200, 200, 307],
  ["/roles",                                        307, 200, 200, 200, 200, 200, 200, 307],
  ["/roles/[slug]",                                 307, 200, 404, 200, 404, 200, 200, 307],
  ["/roles/[slug]/edit",                            307, 404, 404, 200, 404, 404, 200, 307],
  // theo and ines are in the group above, so they are in the requester group.
  ["/roles/[slug]/request",                         307, 200, 404, 200, 404, 200, 200, 307],
  ["/roles/[slug]/versions",                        307, 200, 404, 200, 404, 200, 200, 307],
  ["/roles/[slug]/versions/[version]",              307, 200, 404, 200, 404, 200, 200, 307],
  ["/roles/[slug]/versions/[version]/rollback",     307, 404, 404, 200, 404, 404, 200, 307],
  ["/roles/new",                                    307, 404, 404, 404, 404, 404, 200, 307],
  ["/settings",                                     307, 307, 307, 307, 307, 307, 307, 307],
  ["/settings/connections",                         307, 404, 404, 404, 404, 200, 200, 307],
  ["/settings/four-eyes",                           307, 404, 404, 404, 404, 200, 200, 307],
  ["/settings/people",                              307, 404, 404, 404, 404, 200, 200, 307],
  ["/settings/retention",                           307, 404, 404, 404, 404, 200, 200, 307],
  ["/settings/tokens",                              307, 200, 200, 200, 200, 200, 200, 307],
  ["/sign-in",                                      200, 307, 307, 307, 307, 307, 307, 200],
  // The place that the role of the matrix gives.
  ["/targets/[connection]/[kind]/[...target]",      307, 200, 404, 200, 404, 200, 200, 307],
  // omar proposed it.
  ["/widenings/[wideningId]",                       307, 404, 404, 200, 404, 200, 200, 307],
  ["/worker",                                       307, 404, 404, 404, 404, 200, 200, 307],
];

// With a bearer token that has every scope.
// prettier-ignore
const ENDPOINTS: readonly Row[] = [
  //                                              nobody maya lena omar noor theo ines dora
  ["GET /api/metrics",                              401, 403, 403, 403, 403, 200, 200, 401],
  ["GET /api/v1/[[...rest]]",                       404, 404, 404, 404, 404, 404, 404, 404],
  ["GET /api/v1/dashboard",                         401, 404, 404, 200, 200, 200, 200, 401],
  ["GET /api/v1/drift",                             401, 200, 200, 200, 200, 200, 200, 401],
  ["POST /api/v1/drift/[id]/keep",                  401, 404, 404, 204, 404, 403, 204, 401],
  ["POST /api/v1/drift/[id]/remove",                401, 404, 404, 204, 404, 403, 204, 401],
  ["GET /api/v1/four-eyes",                         401, 404, 404, 404, 404, 200, 200, 401],
  ["POST /api/v1/four-eyes",                        401, 403, 403, 403, 403, 403, 409, 401],
  ["GET /api/v1/grants",                            401, 200, 200, 200, 200, 200, 200, 401],
  ["GET /api/v1/grants/[id]",                       401, 200, 404, 200, 404, 200, 200, 401],
  ["POST /api/v1/grants/[id]/extend",               401, 201, 404, 404, 404, 404, 404, 401],
  ["POST /api/v1/grants/[id]/release",              401, 204, 404, 404, 404, 404, 404, 401],
  ["POST /api/v1/grants/[id]/revoke",               401, 403, 404, 204, 404, 403, 204, 401],
  ["GET /api/v1/history",                           401, 200, 200, 200, 200, 200, 200, 401],
  ["GET /api/v1/history/checkpoints",               401, 200, 200, 200, 200, 200, 200, 401],
  ["GET /api/v1/history/export",                    401, 200, 200, 200, 200, 200, 200, 401],
  ["GET /api/v1/history/access",                    401, 200, 200, 200, 200, 200, 200, 401],
  ["GET /api/v1/history/[seq]",                     401, 200, 404, 200, 404, 200, 200, 401],
  ["POST /api/v1/history/[seq]/rollback",           401, 403, 403, 403, 403, 403, 200, 401],
  ["GET /api/v1/me",                                401, 200, 200, 200, 200, 200, 200, 401],
  ["GET /api/v1/openapi.json",                      200, 200, 200, 200, 200, 200, 200, 200],
  ["GET /api/v1/requests",                          401, 200, 200, 200, 200, 200, 200, 401],
  // omar is the only owner, and nobody decides their own request.
  ["POST /api/v1/requests",                         401, 201, 404, 409, 404, 201, 201, 401],
  ["GET /api/v1/requests/[id]",                     401, 200, 404, 200, 404, 200, 200, 401],
  ["POST /api/v1/requests/[id]/approve",            401, 403, 404, 200, 404, 403, 403, 401],
  ["POST /api/v1/requests/[id]/deny",               401, 403, 404, 204, 404, 403, 403, 401],
  ["POST /api/v1/requests/[id]/withdraw",           401, 204, 404, 404, 404, 404, 404, 401],
  ["GET /api/v1/retention",                         401, 404, 404, 404, 404, 200, 200, 401],
  ["POST /api/v1/retention",                        401, 403, 403, 403, 403, 403, 409, 401],
  ["POST /api/v1/rollback",                         401, 403, 403, 403, 403, 403, 200, 401],
  ["GET /api/v1/roles",                             401, 200, 200, 200, 200, 200, 200, 401],
  ["POST /api/v1/roles",                            401, 403, 403, 403, 403, 403, 201, 401],
  ["GET /api/v1/roles/[slug]",                      401, 200, 404, 200, 404, 200, 200, 401],
  ["PUT /api/v1/roles/[slug]",                      401, 403, 404, 200, 404, 403, 200, 401],
  ["POST /api/v1/roles/[slug]/rollback",            401, 403, 404, 200, 404, 403, 200, 401],
  ["GET /api/v1/roles/[slug]/versions",             401, 200, 404, 200, 404, 200, 200, 401],
  ["GET /api/v1/widenings",                         401, 200, 200, 200, 200, 200, 200, 401],
  ["GET /api/v1/widenings/[id]",                    401, 404, 404, 200, 404, 200, 200, 401],
  // omar proposed it, and nobody decides their own.
  ["POST /api/v1/widenings/[id]/approve",           401, 404, 404, 403, 404, 403, 204, 401],
  ["POST /api/v1/widenings/[id]/deny",              401, 404, 404, 403, 404, 403, 204, 401],
  ["POST /api/v1/widenings/[id]/withdraw",          401, 404, 404, 204, 404, 404, 404, 401],
];

// With a session cookie, or open to all.
// prettier-ignore
const OTHERS: readonly Row[] = [
  //                                              nobody maya lena omar noor theo ines dora
  ["GET /api/auth/[...nextauth]",                   200, 200, 200, 200, 200, 200, 200, 200],
  ["GET /api/events",                               401, 200, 200, 200, 200, 200, 200, 401],
  // A file, or the way to the sign-in page.
  ["POST /api/export",                              303, 200, 200, 200, 200, 200, 200, 303],
  ["GET /api/health/live",                          200, 200, 200, 200, 200, 200, 200, 200],
  ["GET /api/health/ready",                         200, 200, 200, 200, 200, 200, 200, 200],
];

const IN = "done";
const OUT = "sign in";
// Server actions, called as Next calls them. "done", "sign in", or the words' refusal.
// prettier-ignore
const ACTIONS: readonly Row[] = [
  //                             nobody maya            lena              omar              noor            theo              ines               dora
  ["createRoleAction",              OUT, "not-allowed",   "not-allowed",  "not-allowed",    "not-allowed",  "not-allowed",    IN,                OUT],
  ["createTokenAction",             OUT, IN,              IN,             IN,               IN,             IN,               IN,                OUT],
  ["deactivatePersonAction",        OUT, "not-allowed",   "not-allowed",  "not-allowed",    "not-allowed",  "not-allowed",    IN,                OUT],
  ["decideRequestAction",           OUT, "own-request",   "not-found",    IN,               "not-found",    "not-an-approver", "not-an-approver", OUT],
  ["decideWideningAction",          OUT, "not-found",     "not-found",    "own-widening",   "not-found",    "not-a-second-person", IN,           OUT],
  ["extendGrantAction",             OUT, IN,              "not-found",    "not-found",      "not-found",    "not-found",      "not-found",       OUT],
  ["keepUnknownAccessAction",       OUT, "not-found",     "not-found",    IN,               "not-found",    "not-allowed",    IN,                OUT],
  ["previewRoleAction",             OUT, "role-unknown",  "role-unknown", IN,               "role-unknown", "role-unknown",   IN,                OUT],
  ["publishRoleAction",             OUT, "not-allowed",   "role-unknown", IN,               "role-unknown", "not-allowed",    IN,                OUT],
  ["releaseGrantAction",            OUT, IN,              "not-found",    "not-found",      "not-found",    "not-found",      "not-found",       OUT],
  ["removeUnknownAccessAction",     OUT, "not-found",     "not-found",    IN,               "not-found",    "not-allowed",    IN,                OUT],
  ["revokeGrantAction",             OUT, "not-allowed",   "not-found",    IN,               "not-found",    "not-allowed",    IN,                OUT],
  ["revokeTokenAction",             OUT, IN,              "not-found",    "not-found",      "not-found",    "not-found",      IN,                OUT],
  ["rollBackAction",                OUT, "not-allowed",   "not-allowed",  "not-allowed",    "not-allowed",  "not-allowed",    IN,                OUT],
  ["rollbackRoleAction",            OUT, "not-allowed",   "role-unknown", IN,               "role-unknown", "not-allowed",    IN,                OUT],
  ["setRetentionAction",            OUT, "not-allowed",   "not-allowed",  "not-allowed",    "not-allowed",  "not-allowed",    "retention-unchanged", OUT],
  ["submitRequestAction",           OUT, IN,              "role-unknown", "no-approver",    "role-unknown", IN,               IN,                OUT],
  ["switchFourEyesAction",          OUT, "not-allowed",   "not-allowed",  "not-allowed",    "not-allowed",  "not-allowed",    "four-eyes-unchanged", OUT],
  ["verifyHistoryAction",           OUT, "not-allowed",   "not-allowed",  "not-allowed",    "not-allowed",  IN,               IN,                OUT],
  ["withdrawRequestAction",         OUT, IN,              "not-found",    "not-found",      "not-found",    "not-found",      "not-found",       OUT],
  ["withdrawWideningAction",        OUT, "not-found",     "not-found",    IN,               "not-found",    "not-found",      "not-found",       OUT],
];

let stage: Stage;
const sessions = new Map<Role, string>();
const tokens = new Map<Role, string>();
const people = new Map<Role, { id: string; name: string }>();
const jar = { cookie: "" };
let judge: ReturnType<typeof judgeBy>;

vi.mock("next/headers", () => ({
  cookies: () =>
    Promise.resolve({
      get: (name: string) => (name === "next-auth.session-token" && jar.cookie ? { value: jar.cookie } : undefined),
    }),
}));
vi.mock("next/cache", () => ({ revalidatePath: () => undefined, refresh: () => undefined }));

beforeAll(async () => {
  stage = await openStage();
  judge = judgeBy((await (await fetch(`${stage.url}/api/v1/openapi.json`)).json()) as object);
  await stage.db.person.create({
    data: {
      id: newId(),
      issuer: `${stage.sandboxUrl}/idp`,
      subject: "idp-dora",
      email: "dora@acme.test",
      name: "Dora",
      username: "dora",
    },
  });
  for (const role of ROLES) {
    if (role === "nobody") continue;
    const person = await stage.db.person.findFirstOrThrow({ where: { username: USERNAME[role] } });
    people.set(role, person);
    await stage.db.person.update({
      where: { id: person.id },
      data: {
        isAdmin: role === "admin",
        isAuditor: role === "auditor",
        deactivatedAt: role === "deactivated" ? new Date() : null,
      },
    });
    sessions.set(role, await mintSession(person.id));
    tokens.set(role, await mintToken(person.id));
  }
  Object.assign(process.env, {
    DATABASE_URL: stage.databaseUrl,
    PUBLIC_URL: stage.url,
    SESSION_SECRET: "x".repeat(32),
    OIDC_ISSUER: `${stage.sandboxUrl}/idp`,
    OIDC_CLIENT_ID: "daypass",
    OIDC_CLIENT_SECRET: "x",
    OIDC_NAME: "x",
    LOG_LEVEL: "silent",
  });
});
afterAll(async () => {
  await stage.close();
});

test("every page, endpoint and action that exists is in the matrix", async () => {
  expect(PAGES.map(([path]) => path).sort()).toEqual(await pagesThatExist());
  expect([...ENDPOINTS, ...OTHERS].map(([what]) => what).sort()).toEqual(await endpointsThatExist());
  expect(ACTIONS.map(([what]) => what).sort()).toEqual(await actionsThatExist());
});

describe.each(ROLES.map((role, column) => [role, column] as const))("%s", (role, column) => {
  test.each(named(PAGES))("page %s", async (path, answers) => {
    const place = await fillIn(path);
    const answer = await fetch(`${stage.url}${place}`, { redirect: "manual", headers: cookieOf(role) });
    expect(answer.status).toBe(answers[column]);
    const leadsToSignIn = answer.headers.get("location")?.includes("/sign-in") ?? false;
    if (answer.status === 307 && path !== "/sign-in")
      expect(leadsToSignIn).toBe(role === "nobody" || role === "deactivated");
  });

  test.each(named(ENDPOINTS))("endpoint %s", async (what, answers) => {
    const answer = await callEndpoint(role, what);
    expect(answer).toMatchObject({ status: answers[column] });
    const [method = "", path = ""] = what.replaceAll(/\[(\w+)\]/g, "{$1}").split(" /api/v1");
    if (path !== "" && !path.includes("...")) expect(judge(method, path, answer)).toBeNull();
  });

  test.each(named(OTHERS))("endpoint %s", async (what, answers) => {
    const [method = "", path = ""] = what.replace("[...nextauth]", "session").split(" ");
    const stop = new AbortController();
    const answer = await fetch(`${stage.url}${path}`, {
      method,
      headers: cookieOf(role),
      redirect: "manual",
      signal: stop.signal,
      ...(method === "POST" ? { body: new FormData() } : {}),
    });
    stop.abort();
    expect(answer.status).toBe(answers[column]);
  });

  test.each(named(ACTIONS))("action %s", async (what, answers) => {
    expect(await callAction(role, what)).toBe(answers[column]);
  });
});

test("every page's own scripts and styles carry the nonce of its policy", async () => {
  for (const [path] of PAGES) {
    const answer = await fetch(`${stage.url}${await fillIn(path)}`, { headers: cookieOf("admin") });
    const policy = answer.headers.get("content-security-policy") ?? "";
    const [, nonce] = /script-src 'self' 'nonce-([^']{22,})';/.exec(policy) ?? [];
    const inline = (await answer.text()).match(/<(?:script|style)(?![^>]*\ssrc=)[^>]*>/g) ?? [];
    expect(inline.length).toBeGreaterThan(0);
    for (const tag of inline) expect(tag).toContain(`nonce="${nonce}"`);
  }
});

test("a program that asks for what is not there is told so, and not led to the sign-in page", async () => {
  expect((await fetch(`${stage.url}/api/nothing`, { redirect: "manual" })).status).toBe(404);
});

test("no answer may be framed or taken for something else", async () => {
  for (const path of [
    "/sign-in",
    "/api/v1/me",
    "/api/v1/nothing",
    "/api/health/live",
    "/api/auth/session",
    "/nothing/here",
  ]) {
    const { headers } = await fetch(`${stage.url}${path}`);
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("same-origin");
  }
});

function named(rows: readonly Row[]): [string, (number | string)[]][] {
  return rows.map(([what, ...answers]) => [what, answers]);
}

const SLUG = "payments-maintainer";

async function fillIn(path: string): Promise<string> {
  return path
    .replace("[...address]", "nothing/here")
    .replace("[slug]", SLUG)
    .replace("[version]", "1")
    .replace("[personId]", path.includes("[personId]") ? await requesterWhoAsked() : "")
    .replace("[connection]/[kind]/[...target]", `gitlab/gitlab-group/acme/roles/${SLUG}`)
    .replace("[requestId]", path.includes("[requestId]") ? await pendingRequest() : "")
    .replace("[grantId]", path.includes("[grantId]") ? await liveGrant() : "")
    .replace("[wideningId]", path.includes("[wideningId]") ? await waitingWidening() : "")
    .replace("[seq]", path.includes("[seq]") ? await seqFor(path) : "");
}

async function callEndpoint(role: Role, what: string): Promise<Answered> {
  const [method = "", path = ""] = what.split(" ");
  const isGrant = path.includes("/grants/");
  const idIn = path.includes("/drift/")
    ? unknownAccess
    : path.includes("/widenings/")
      ? waitingWidening
      : isGrant
        ? liveGrant
        : pendingRequest;
  const id = path.includes("[id]") ? await idIn() : "";
  if (path.endsWith("/extend")) await withdrawPending("requester");
  if (what === "POST /api/v1/requests") await withdrawPending(role);
  const place = path
    .replace("[id]", id)
    .replace("[slug]", SLUG)
    .replace("[[...rest]]", "nothing")
    .replace("/history/access", "/history/access?at=2026-01-01T00:00:00Z")
    .replace("[seq]", path.includes("[seq]") ? await seqFor(path) : "");
  const body = await bodyFor(what);
  const answer = await fetch(`${stage.url}${place}`, {
    method,
    headers: {
      "content-type": "application/json",
      ...(tokens.has(role) ? { authorization: `Bearer ${tokens.get(role)}` } : {}),
      ...(method === "PUT" ? { "if-match": `"${await currentVersion()}"` } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
}

async function bodyFor(what: string): Promise<object | undefined> {
  const spec = {
    name: `Payments ${randomBytes(4).toString("hex")}`,
    ownerGroup: "acme/payments",
    requesterGroup: "acme/payments",
    maxMinutes: 480,
    entitlements: [{ connection: "gitlab", kind: "gitlab-group", target: `acme/roles/${SLUG}`, level: "maintainer" }],
  };
  switch (what) {
    case "POST /api/v1/requests":
      return { role: SLUG, minutes: 10, justification: "matrix" };
    case "POST /api/v1/roles":
      return { slug: `made-${randomBytes(4).toString("hex")}`, reason: "matrix", spec };
    case "PUT /api/v1/roles/[slug]":
      return { reason: "matrix", spec };
    case "POST /api/v1/roles/[slug]/rollback":
      await ensureSecondVersion();
      return { version: 1, reason: "matrix" };
    case "POST /api/v1/grants/[id]/extend":
      return { minutes: 10, justification: "matrix" };
    case "POST /api/v1/rollback":
      return { to: await seqBeforeAChange() };
    // It is off in the sandbox already, so nobody's answer switches it for the others.
    case "POST /api/v1/four-eyes":
      return { needed: false, reason: "matrix" };
    // As it is already: the admin's answer redacts nothing.
    case "POST /api/v1/retention":
      return { days: null, reason: "matrix" };
    case "POST /api/v1/drift/[id]/keep":
      return { until: dayAhead(7), reason: "matrix" };
    case "POST /api/v1/drift/[id]/remove":
    case "POST /api/v1/grants/[id]/revoke":
      return { reason: "matrix" };
    default:
      return what.startsWith("POST") ? {} : undefined;
  }
}

async function callAction(role: Role, what: string): Promise<string> {
  jar.cookie = sessions.get(role) ?? "";
  const form = new FormData();
  for (const [name, value] of Object.entries(await fieldsFor(role, what))) form.set(name, value);
  const actions = await loadActions();
  const action = actions[what] as (...args: unknown[]) => Promise<unknown>;
  try {
    const state = what === "previewRoleAction" ? await action(SLUG, form) : await action({ kind: "untouched" }, form);
    return await outcomeOf(what, state);
  } catch (error) {
    const digest = (error as { digest?: string }).digest ?? "";
    if (digest.includes("/sign-in")) return OUT;
    if (digest.startsWith("NEXT_REDIRECT")) return IN;
    throw error;
  }
}

async function outcomeOf(what: string, state: unknown): Promise<string> {
  const { REFUSALS } = await import("../lib/web/refusal-words.ts");
  const codeOf = (words: unknown) => Object.entries(REFUSALS).find(([, refusal]) => refusal.words === words)?.[0];
  if (what === "previewRoleAction") {
    const { props } = state as { props: { children: unknown; tone?: string } };
    return props.tone === "bad" ? (codeOf(props.children) ?? String(props.children)) : IN;
  }
  const { kind, words } = state as { kind: string; words?: string };
  return kind === "done" ? IN : (codeOf(words) ?? String(words));
}

async function fieldsFor(role: Role, what: string): Promise<Record<string, string>> {
  const roleFields = {
    name: `Payments ${randomBytes(4).toString("hex")}`,
    summary: "",
    ownerGroup: "acme/payments",
    requesterGroup: "acme/payments",
    approvalsNeeded: "1",
    maxMinutes: "480",
    decideWithinMinutes: "1440",
    kind: "gitlab-group",
    target: `acme/roles/${SLUG}`,
    level: "maintainer",
    reason: "matrix",
  };
  switch (what) {
    case "createRoleAction":
      return { ...roleFields, slug: `made-${randomBytes(4).toString("hex")}` };
    case "createTokenAction":
      return { name: "matrix", scopes: "roles:read", days: "1" };
    case "deactivatePersonAction":
      return { personId: await somebody(), reason: "matrix" };
    case "decideRequestAction":
      return { requestId: await pendingRequest(), verdict: "approve", minutes: "10", note: "" };
    case "extendGrantAction": {
      const grantId = await liveGrant();
      await withdrawPending("requester");
      return { grantId, length: "10", justification: "matrix" };
    }
    case "keepUnknownAccessAction":
      return { accessId: await unknownAccess(), until: dayAhead(7), reason: "matrix" };
    case "removeUnknownAccessAction":
      return { accessId: await unknownAccess(), reason: "matrix" };
    case "publishRoleAction":
      return { ...roleFields, slug: SLUG, expectedVersion: String(await currentVersion()) };
    case "previewRoleAction":
      return roleFields;
    case "rollbackRoleAction":
      await ensureSecondVersion();
      return { slug: SLUG, version: "1", expectedVersion: String(await currentVersion()), reason: "matrix" };
    case "rollBackAction":
      return {
        kind: "change",
        seq: await seqOfAPublication(),
        basis: await basisNow(),
        choices: "{}",
        reason: "matrix",
      };
    case "setRetentionAction":
      return { days: "for-ever", reason: "matrix" };
    case "switchFourEyesAction":
      return { needed: "no", reason: "matrix" };
    case "decideWideningAction":
      return { wideningId: await waitingWidening(), verdict: "approve", note: "" };
    case "withdrawWideningAction":
      return { wideningId: await waitingWidening() };
    case "releaseGrantAction":
      return { grantId: await liveGrant() };
    case "revokeGrantAction":
      return { grantId: await liveGrant(), reason: "matrix" };
    case "revokeTokenAction":
      await mintToken(idOf("requester"));
      return {
        tokenId: (
          await stage.db.apiToken.findFirstOrThrow({ where: { personId: idOf("requester") }, orderBy: { id: "desc" } })
        ).id,
      };
    case "submitRequestAction":
      await withdrawPending(role);
      return { roleSlug: SLUG, length: "10", justification: "matrix" };
    default:
      return { requestId: await pendingRequest() };
  }
}

async function loadActions(): Promise<Record<string, unknown>> {
  const files = await Promise.all([
    import("../app/(portal)/drift/actions.ts"),
    import("../app/(portal)/grants/actions.ts"),
    import("../app/(portal)/history/actions.ts"),
    import("../app/(portal)/requests/actions.ts"),
    import("../app/(portal)/roles/actions.ts"),
    import("../app/(portal)/settings/actions.ts"),
    import("../app/(portal)/widenings/actions.ts"),
    import("../app/(portal)/roles/[slug]/edit/preview-action.tsx"),
  ]);
  return Object.assign({}, ...files) as Record<string, unknown>;
}

function idOf(role: Role): string {
  return people.get(role)?.id ?? "";
}

function actorFor(role: Role): Actor {
  return { personId: idOf(role), name: people.get(role)?.name ?? "", isAdmin: false, isAuditor: false, via: "web" };
}

async function withdrawPending(role: Role): Promise<void> {
  if (role === "nobody") return;
  await stage.db.accessRequest.updateMany({
    where: { requesterId: idOf(role), state: "PENDING" },
    data: { state: "WITHDRAWN", closedAt: new Date() },
  });
}

/** So that owners have something to do with her. */
async function requesterWhoAsked(): Promise<string> {
  await pendingRequest();
  return idOf("requester");
}

async function pendingRequest(): Promise<string> {
  const waiting = await stage.db.accessRequest.findFirst({
    where: { requesterId: idOf("requester"), state: "PENDING" },
  });
  if (waiting) return waiting.id;
  const input = { roleSlug: SLUG, minutes: 10, justification: "matrix" };
  return (await submitRequest(actorFor("requester"), input, { db: stage.db })).id;
}

async function liveGrant(): Promise<string> {
  const find = () =>
    stage.db.grant.findFirst({ where: { personId: idOf("requester"), state: "ACTIVE" }, orderBy: { id: "desc" } });
  const live = await find();
  if (live) return live.id;
  const activating = { personId: idOf("requester"), state: "ACTIVATING" };
  if ((await stage.db.grant.count({ where: activating })) === 0)
    await approveRequest(actorFor("owner"), { requestId: await pendingRequest() }, { db: stage.db });
  // The worker moves it until then, and whoever acts on it meanwhile is told that someone was faster.
  await eventually(async () => expect(await find()).not.toBeNull());
  return (await find())?.id ?? "";
}

async function seqOfMayas(): Promise<string> {
  await pendingRequest();
  const change = await stage.db.change.findFirstOrThrow({
    where: { kind: "request.submitted", personId: idOf("requester") },
  });
  return String(change.seq);
}

/** Rollbacks are of a change that can be rolled back; everything else is about one of maya's own. */
async function seqFor(path: string): Promise<string> {
  return path.includes("rollback") ? seqOfAPublication() : seqOfMayas();
}

async function seqOfAPublication(): Promise<string> {
  await ensureSecondVersion();
  const last = await stage.db.change.findFirstOrThrow({ where: { kind: "role.published" }, orderBy: { seq: "desc" } });
  return String(last.seq);
}

async function seqBeforeAChange(): Promise<number> {
  return Number(await seqOfAPublication()) - 1;
}

async function basisNow(): Promise<string> {
  const { planRollback } = await import("../lib/db/plan-rollback.ts");
  const last = await stage.db.change.findFirstOrThrow({ where: { kind: "role.published" }, orderBy: { seq: "desc" } });
  return (await planRollback(stage.db, { kind: "change", seq: Number(last.seq) }, {})).basis;
}

/** Omar's, as if the rule of the second person were on. */
async function waitingWidening(): Promise<string> {
  const role = await stage.db.role.findUniqueOrThrow({ where: { slug: SLUG } });
  const waiting = await stage.db.widening.findFirst({
    where: { roleId: role.id, state: "PENDING", baseVersion: role.currentVersion },
  });
  if (waiting) return waiting.id;
  const { changeRole } = await import("../lib/db/change-role.ts");
  const { lockRoleForEditing } = await import("../lib/db/lock-role.ts");
  const { fieldsOf } = await import("../lib/db/publish-version.ts");
  return stage.db.$transaction(async (tx) => {
    const locked = await lockRoleForEditing(tx, actorFor("owner"), SLUG);
    const now = fieldsOf(locked.current);
    await tx.$executeRaw`UPDATE four_eyes SET needed = true`;
    const spec = { ...now, maxMinutes: now.maxMinutes + 1 };
    const change = { kind: "role.published", spec, reason: "matrix", restores: null } as const;
    const { wideningId } = await changeRole(tx, actorFor("owner"), locked, change);
    await tx.$executeRaw`UPDATE four_eyes SET needed = false`;
    return wideningId ?? "";
  });
}

async function currentVersion(): Promise<number> {
  return (await stage.db.role.findUniqueOrThrow({ where: { slug: SLUG } })).currentVersion;
}

/** Of an account that the sandbox does not have, where the role of the matrix gives access. */
async function unknownAccess(): Promise<string> {
  const place = { connection: "gitlab", kind: "gitlab-group", target: `acme/roles/${SLUG}` };
  const { id: placeId } = await stage.db.managedPlace.upsert({
    where: { connection_kind_target: place },
    create: { id: newId(), ...place },
    update: {},
  });
  const [id, now] = [newId(), new Date()];
  const account = { externalId: String(randomInt(1_000_000, 1_000_000_000)), username: "stranger" };
  await stage.db.unknownAccess.create({
    data: { id, placeId, ...account, level: "guest", foundAt: now, seenAt: now },
  });
  return id;
}

function dayAhead(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** So that version 1 is not in force, and going back to it is a change. */
async function ensureSecondVersion(): Promise<void> {
  const { publishRole } = await import("../lib/usecases/publish-role.ts");
  const role = await stage.db.role.findUniqueOrThrow({ where: { slug: SLUG } });
  const { readRoleVersion } = await import("../lib/db/read-role-version.ts");
  const current = await readRoleVersion(stage.db, role.id, role.currentVersion);
  if (!current) return;
  const { version, versionId: _, ...spec } = current;
  const admin = { ...actorFor("admin"), isAdmin: true };
  const input = {
    slug: SLUG,
    reason: "matrix",
    expectedVersion: version,
    spec: { ...spec, name: `Payments ${newId()}` },
  };
  await publishRole(admin, input, { db: stage.db });
}

async function somebody(): Promise<string> {
  const id = newId();
  await stage.db.person.create({
    data: { id, issuer: "matrix", subject: id, email: "", name: "Somebody", username: id },
  });
  return id;
}

function mintSession(personId: string): Promise<string> {
  return mintSessionFor(stage.db, personId);
}

function mintToken(personId: string): Promise<string> {
  return mintTokenFor(stage.db, personId);
}

function cookieOf(role: Role): Record<string, string> {
  const session = sessions.get(role);
  return session ? { cookie: `next-auth.session-token=${session}` } : {};
}

async function filesNamed(name: string): Promise<string[]> {
  const all = await readdir("app", { recursive: true });
  return all.filter((path) => path.endsWith(name)).map((path) => join("app", path));
}

async function pagesThatExist(): Promise<string[]> {
  const files = await filesNamed("page.tsx");
  return files
    .map(
      (file) =>
        file
          .replace(/^app/, "")
          .replace("/(portal)", "")
          .replace(/\/page\.tsx$/, "") || "/",
    )
    .sort();
}

async function endpointsThatExist(): Promise<string[]> {
  const found = await Promise.all(
    (await filesNamed("route.ts")).map(async (file) => {
      const path = file.replace(/^app/, "").replace(/\/route\.ts$/, "");
      const text = await readFile(file, "utf8");
      const methods = [...text.matchAll(/export (?:const|async function|function) (GET|POST|PUT|PATCH|DELETE)/g)].map(
        ([, method]) => method,
      );
      return methods.length > 0 ? methods.map((method) => `${method} ${path}`) : [`GET ${path}`];
    }),
  );
  return found.flat().sort();
}

async function actionsThatExist(): Promise<string[]> {
  const files = [...(await filesNamed("actions.ts")), ...(await filesNamed("-action.tsx"))];
  const found = await Promise.all(
    files.map(async (file) =>
      [...(await readFile(file, "utf8")).matchAll(/export (?:const|async function) (\w+Action)/g)].map(
        ([, name]) => name ?? "",
      ),
    ),
  );
  return found.flat().sort();
}

test("a deactivated person is out with the very next request", async () => {
  const personId = await somebody();
  const session = await mintSession(personId);
  const token = await mintToken(personId);
  const look = async () => {
    const page = await fetch(`${stage.url}/`, {
      redirect: "manual",
      headers: { cookie: `next-auth.session-token=${session}` },
    });
    const api = await fetch(`${stage.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    return [page.status, api.status];
  };
  expect(await look()).toEqual([200, 200]);
  const { deactivatePerson } = await import("../lib/usecases/deactivate-person.ts");
  await deactivatePerson({ ...actorFor("admin"), isAdmin: true }, { personId, reason: "left" }, { db: stage.db });
  await eventually(async () => expect(await look()).toEqual([307, 401]));
});
