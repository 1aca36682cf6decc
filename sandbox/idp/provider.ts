import { generateKeyPairSync, randomBytes } from "node:crypto";
import { Provider } from "oidc-provider";
import { page } from "../page.ts";
import type { Person } from "../people.ts";
import type { World } from "../world.ts";
import { memoryAdapter } from "./memory-adapter.ts";

export const CLIENT_ID = "daypass";
export const CLIENT_SECRET = "sandbox-secret";

const MINUTE = 60;

/** A certified OpenID provider with the sandbox's people: code flow, PKCE required, no consent page, no session. */
export function createProvider(world: World, issuer: string, redirectUris: readonly string[]): Provider {
  return new Provider(issuer, {
    adapter: memoryAdapter(),
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        client_name: "Daypass",
        redirect_uris: redirectUris,
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    jwks: { keys: [signingKey()] },
    cookies: { keys: [randomBytes(32).toString("base64url")] },
    claims: {
      openid: ["sub"],
      email: ["email", "email_verified"],
      profile: ["name", "preferred_username", "groups"],
      groups: ["groups"],
    },
    // Clients often read only the ID token, so it carries every claim of the scopes asked for.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    responseTypes: ["code"],
    expiresWithSession: () => false,
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
    },
    ttl: {
      AccessToken: 60 * MINUTE,
      AuthorizationCode: MINUTE,
      IdToken: 60 * MINUTE,
      Interaction: 60 * MINUTE,
      Session: 60 * MINUTE,
      Grant: 60 * MINUTE,
    },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/idp/sign-in/${uid}` },
    findAccount: (_context: unknown, subject: string) => accountOf(world, subject),
    loadExistingGrant: grantEverything,
    clientBasedCORS: () => false,
    renderError: showError,
  });
}

function accountOf(world: World, subject: string) {
  const person = [...world.people.values()].find((each) => each.subject === subject);
  if (person === undefined || !person.active) return undefined;
  return { accountId: subject, claims: () => claimsOf(person) };
}

function claimsOf({ subject, email, name, username, groups }: Person) {
  return { sub: subject, email, email_verified: true, name, preferred_username: username, groups };
}

type GrantContext = {
  readonly oidc: {
    readonly client: { readonly clientId: string };
    readonly session: { readonly accountId: string };
    readonly requestParamScopes: ReadonlySet<string>;
    readonly provider: { readonly Grant: new (of: { clientId: string; accountId: string }) => Grant };
  };
};
type Grant = { addOIDCScope(scope: string): void; save(): Promise<string> };

/** Stands in for a consent page: whatever a known client asks for is granted. */
async function grantEverything({ oidc }: GrantContext): Promise<Grant> {
  const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope([...oidc.requestParamScopes].join(" "));
  await grant.save();
  return grant;
}

type ErrorContext = { type: string; body: string };
function showError(context: ErrorContext, out: { error: string; error_description?: string }): void {
  context.type = "html";
  context.body = page({
    title: "This sign-in did not work",
    lead: out.error_description ?? out.error,
    body: "Go back to Daypass and start again.",
  });
}

let keptKey: ReturnType<typeof makeKey> | undefined;

/** One for all providers of this process: it takes a while to make, and tests open hundreds of sandboxes. */
function signingKey() {
  return (keptKey ??= makeKey());
}

function makeKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: "sandbox" };
}
