import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readClaims } from "./read-claims.ts";
import { scopesOf } from "./scopes-of.ts";

const idToken = (claims: object) => `x.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.x`;

function signedIn(claims: object, userinfo?: object) {
  return {
    tokens: { id_token: idToken(claims), access_token: "a" },
    client: {
      issuer: { metadata: userinfo ? { userinfo_endpoint: "https://idp.test/userinfo" } : {} },
      userinfo: () => (userinfo ? Promise.resolve(userinfo) : Promise.reject(new Error("not asked"))),
    },
  };
}

const whole = { sub: "s", email: "m@acme.test", name: "Maya", groups: ["a"] };

test("an ID token that says everything is enough", async () => {
  expect(await readClaims(signedIn(whole, { sub: "s", name: "Other" }))).toEqual(whole);
});

test("what the ID token leaves out comes from the userinfo endpoint, and the ID token has the last word", async () => {
  const claims = await readClaims(signedIn({ sub: "s", name: "Maya" }, { ...whole, name: "Other" }));
  expect(claims).toEqual(whole);
});

test("a provider without a userinfo endpoint is taken as it is", async () => {
  expect(await readClaims(signedIn({ sub: "s" }))).toEqual({ sub: "s" });
});

test("a userinfo endpoint that speaks of somebody else lets nobody in", async () => {
  await expect(readClaims(signedIn({ sub: "s" }, { sub: "other" }))).rejects.toThrow("somebody else");
});

test("an ID token without a subject lets nobody in", async () => {
  await expect(readClaims(signedIn({ email: "m@acme.test" }, { sub: "s" }))).rejects.toThrow();
});

let provider: Server;
let base: string;
beforeAll(async () => {
  provider = createServer((request, response) => {
    const [, name] = /^\/(\w+)\//.exec(request.url ?? "") ?? [];
    const offered = { okta: ["openid", "groups"], google: ["openid", "email", "profile"] }[name ?? ""];
    response.writeHead(name === "broken" ? 500 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(offered ? { scopes_supported: offered } : {}));
  }).listen(0, "127.0.0.1");
  await once(provider, "listening");
  base = `http://127.0.0.1:${(provider.address() as { port: number }).port}`;
});
afterAll(() => void provider.close());

test("the scope groups is asked for only where it is offered: others refuse a scope that they do not know", async () => {
  expect(await scopesOf(`${base}/okta`)).toBe("openid email profile groups");
  expect(await scopesOf(`${base}/google`)).toBe("openid email profile");
  expect(await scopesOf(`${base}/entra`)).toBe("openid email profile");
});

test("a provider that does not say is no provider that offers nothing: the sign-in fails, and nobody loses a role", async () => {
  await expect(scopesOf(`${base}/broken`)).rejects.toThrow("500");
});
