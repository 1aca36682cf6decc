import { createRemoteJWKSet, jwtVerify } from "jose";
import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openSandbox, type OpenSandbox } from "../testing/sandbox-client.ts";

let sandbox: OpenSandbox;
beforeAll(async () => void (sandbox = await openSandbox()));
afterAll(() => sandbox.close());
beforeEach(() => sandbox.send("POST", "/_reset"));

const CALLBACK = "http://localhost:3000/api/auth/callback/oidc";

/** As much of a browser as a sign-in needs: it keeps cookies and does not follow redirects by itself. */
function browser() {
  const cookies = new Map<string, string>();
  return async (url: string, init: RequestInit = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, { ...init, redirect: "manual", headers: { ...init.headers, cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name && value) cookies.set(name, value);
    }
    return response;
  };
}

const newVerifier = () => randomBytes(32).toString("base64url");
const there = (response: Response) => new URL(response.headers.get("location") ?? "", sandbox.url).href;

function authUrl(extra: Record<string, string | undefined> = {}): string {
  const url = new URL(`${sandbox.url}/idp/auth`);
  const params = {
    client_id: "daypass",
    response_type: "code",
    redirect_uri: CALLBACK,
    scope: "openid email profile",
    state: "a-state",
    nonce: "a-nonce",
    ...extra,
  };
  for (const [key, value] of Object.entries(params)) if (value !== undefined) url.searchParams.set(key, value);
  return url.href;
}

const pkce = (verifier: string) => ({
  code_challenge: createHash("sha256").update(verifier).digest("base64url"),
  code_challenge_method: "S256",
});

async function choose(visit: ReturnType<typeof browser>, verifier: string, person: string): Promise<Response> {
  const chooser = there(await visit(authUrl(pkce(verifier))));
  return visit(chooser, { method: "POST", body: new URLSearchParams({ person }) });
}

async function exchange(code: string, verifier: string): Promise<Response> {
  return fetch(`${sandbox.url}/idp/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa("daypass:sandbox-secret")}` },
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code,
      redirect_uri: CALLBACK,
      code_verifier: verifier,
    }),
  });
}

async function signIn(person: string, visit = browser()) {
  const verifier = newVerifier();
  const back = new URL(there(await visit(there(await choose(visit, verifier, person)))));
  expect(back.origin + back.pathname).toBe(CALLBACK);
  expect(back.searchParams.get("state")).toBe("a-state");
  const response = await exchange(back.searchParams.get("code") ?? "", verifier);
  const tokens = (await response.json()) as { id_token: string; access_token: string };
  const keys = createRemoteJWKSet(new URL(`${sandbox.url}/idp/jwks`));
  const { payload } = await jwtVerify(tokens.id_token, keys, { issuer: `${sandbox.url}/idp`, audience: "daypass" });
  return { payload, tokens };
}

test("a person signs in with one choice, and the ID token says who they are", async () => {
  const { payload, tokens } = await signIn("ines");
  const claims = {
    sub: "idp-51ac-ines",
    email: "ines@acme.test",
    email_verified: true,
    name: "Ines Duarte",
    preferred_username: "ines",
    groups: ["daypass-admins"],
  };
  expect(payload).toMatchObject({ ...claims, nonce: "a-nonce" });
  const userinfo = await fetch(`${sandbox.url}/idp/me`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  expect(await userinfo.json()).toMatchObject(claims);
});

test("the subject is the identity that GitLab knows", async () => {
  const { payload } = await signIn("maya");
  const found = await sandbox.gitlab("GET", `/users?extern_uid=${payload.sub}&provider=openid_connect`);
  expect(found.body[0].username).toBe("maya");
});

test("signing in again asks again, so that the same browser can be somebody else", async () => {
  const visit = browser();
  expect((await signIn("maya", visit)).payload.sub).toBe("idp-7f3a-maya");
  expect((await signIn("omar", visit)).payload.sub).toBe("idp-2c91-omar");
});

test("the chooser has a button per person and no script", async () => {
  const visit = browser();
  const html = await (await visit(there(await visit(authUrl(pkce(newVerifier())))))).text();
  expect(html.match(/<button /g)).toHaveLength(6);
  expect(html).toContain("<strong>Maya Chen</strong><small>maya@acme.test</small>");
  expect(html).not.toContain("<script");
});

test("a deactivated person is refused at the door and let in again later", async () => {
  await sandbox.send("POST", "/idp/_people/lena", { active: false });
  expect((await choose(browser(), newVerifier(), "lena")).status).toBe(403);
  await sandbox.send("POST", "/idp/_people/lena", { active: true });
  expect((await signIn("lena")).payload.sub).toBe("idp-b04e-lena");
});

test("someone deactivated between choice and exchange gets no token", async () => {
  const visit = browser();
  const verifier = newVerifier();
  const back = new URL(there(await visit(there(await choose(visit, verifier, "lena")))));
  await sandbox.send("POST", "/idp/_people/lena", { active: false });
  const response = await exchange(back.searchParams.get("code") ?? "", verifier);
  expect([response.status, await response.json()]).toMatchObject([400, { error: "invalid_grant" }]);
});

test("a code works once, and only with its verifier", async () => {
  const visit = browser();
  const verifier = newVerifier();
  const back = new URL(there(await visit(there(await choose(visit, verifier, "maya")))));
  const code = back.searchParams.get("code") ?? "";
  expect((await exchange(code, newVerifier())).status).toBe(400);
  expect((await exchange(code, verifier)).status).toBe(200);
  expect((await exchange(code, verifier)).status).toBe(400);
});

test("without PKCE there is no sign-in", async () => {
  const back = new URL(there(await browser()(authUrl())));
  expect(back.searchParams.get("error")).toBe("invalid_request");
});

test("an unknown redirect address is not followed", async () => {
  const answer = await browser()(authUrl({ ...pkce(newVerifier()), redirect_uri: "http://evil.test/" }));
  expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
  expect(await answer.text()).toContain("This sign-in did not work");
});

test("Daypass may be opened as 127.0.0.1 too", async () => {
  const callback = "http://127.0.0.1:3000/api/auth/callback/oidc";
  const answer = await browser()(authUrl({ ...pkce(newVerifier()), redirect_uri: callback }));
  expect(there(answer)).toContain("/idp/sign-in/");
});

test("an unknown person and a lost sign-in are refused with a page", async () => {
  expect((await choose(browser(), newVerifier(), "nobody")).status).toBe(400);
  expect((await browser()(`${sandbox.url}/idp/sign-in/unknown`)).status).toBe(400);
});
