import type { AuthOptions } from "next-auth";
import type { Db } from "../db/client.ts";
import type { WebEnv } from "../env.ts";
import { daypassAdapter } from "./adapter.ts";
import { admitPerson } from "./admit-person.ts";
import { claimsIn, readClaims, type ProviderClaims } from "./read-claims.ts";
import { isSecureSite } from "./session-cookie.ts";

const SESSION_SECONDS = 12 * 60 * 60;
/** The id of the one identity provider in next-auth's addresses. */
export const PROVIDER_ID = "oidc";

type Surroundings = {
  readonly db: Db;
  readonly env: WebEnv;
  /** What to ask the identity provider for; only the start of a sign-in uses it. */
  readonly scope: string;
  /** Called with everything that goes wrong; `what` names the step. */
  readonly onFault: (what: string, error: unknown) => void;
};

export function authOptions({ db, env, scope, onFault }: Surroundings): AuthOptions {
  return {
    secret: env.SESSION_SECRET,
    adapter: daypassAdapter(db, env.OIDC_ISSUER),
    session: { strategy: "database", maxAge: SESSION_SECONDS, updateAge: SESSION_SECONDS },
    useSecureCookies: isSecureSite(env.PUBLIC_URL),
    pages: { signIn: "/sign-in", error: "/sign-in", signOut: "/sign-in" },
    logger: { error: (code, metadata) => onFault(code, "error" in metadata ? metadata.error : metadata) },
    providers: [
      {
        id: PROVIDER_ID,
        name: env.OIDC_NAME,
        type: "oauth",
        wellKnown: `${env.OIDC_ISSUER.replace(/\/$/, "")}/.well-known/openid-configuration`,
        issuer: env.OIDC_ISSUER,
        clientId: env.OIDC_CLIENT_ID,
        clientSecret: env.OIDC_CLIENT_SECRET,
        authorization: { params: { scope } },
        idToken: true,
        checks: ["pkce", "state", "nonce"],
        userinfo: { request: readClaims },
        profile: (claims: { sub: string }) => ({ id: claims.sub }),
      },
    ],
    callbacks: {
      async signIn({ profile }) {
        try {
          return (await admit(db, env, claimsIn(profile))) ? true : "/sign-in?error=Deactivated";
        } catch (error) {
          // next-auth would put the message into the address.
          onFault("SIGN_IN_ERROR", error);
          return "/sign-in?error=Callback";
        }
      },
    },
  };
}

async function admit(db: Db, env: WebEnv, claims: ProviderClaims): Promise<boolean> {
  const { sub, email = "", groups = [] } = claims;
  const username = claims.preferred_username ?? (email.split("@")[0] || sub);
  const person = await admitPerson(
    db,
    { issuer: env.OIDC_ISSUER, subject: sub, email, name: claims.name ?? username, username, groups },
    { adminGroups: env.ADMIN_GROUPS, auditorGroups: env.AUDITOR_GROUPS, adminSubjects: env.ADMIN_SUBJECTS },
  );
  return person !== null;
}
