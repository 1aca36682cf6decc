import type { AuthOptions } from "next-auth";
import { z } from "zod";
import type { Db } from "../db/client.ts";
import type { WebEnv } from "../env.ts";
import { daypassAdapter } from "./adapter.ts";
import { admitPerson } from "./admit-person.ts";

export const SESSION_HOURS = 12;
/** The id of the one identity provider in next-auth's addresses. */
export const PROVIDER_ID = "oidc";

const claimsSchema = z.object({
  sub: z.string().min(1),
  email: z.string().default(""),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
  groups: z.array(z.string()).catch([]),
});

export function authOptions(db: Db, env: WebEnv): AuthOptions {
  return {
    secret: env.SESSION_SECRET,
    adapter: daypassAdapter(db, env.OIDC_ISSUER),
    session: { strategy: "database", maxAge: SESSION_HOURS * 60 * 60, updateAge: SESSION_HOURS * 60 * 60 },
    pages: { signIn: "/sign-in", error: "/sign-in", signOut: "/sign-in" },
    providers: [
      {
        id: PROVIDER_ID,
        name: env.OIDC_NAME,
        type: "oauth",
        wellKnown: `${env.OIDC_ISSUER}/.well-known/openid-configuration`,
        issuer: env.OIDC_ISSUER,
        clientId: env.OIDC_CLIENT_ID,
        clientSecret: env.OIDC_CLIENT_SECRET,
        authorization: { params: { scope: "openid email profile groups" } },
        idToken: true,
        checks: ["pkce", "state", "nonce"],
        profile: (claims: { sub: string }) => ({ id: claims.sub }),
      },
    ],
    callbacks: {
      async signIn({ profile }) {
        const claims = claimsSchema.parse(profile);
        const username = claims.preferred_username ?? claims.email.split("@")[0] ?? claims.sub;
        const { id } = await admitPerson(
          db,
          { ...claims, issuer: env.OIDC_ISSUER, subject: claims.sub, name: claims.name ?? username, username },
          { adminGroups: env.ADMIN_GROUPS, auditorGroups: env.AUDITOR_GROUPS, adminSubjects: env.ADMIN_SUBJECTS },
        );
        const person = await db.person.findUniqueOrThrow({ where: { id } });
        return person.deactivatedAt === null ? true : "/sign-in?error=Deactivated";
      },
    },
  };
}
