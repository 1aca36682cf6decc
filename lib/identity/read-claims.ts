import { z } from "zod";

const claimsSchema = z.object({
  sub: z.string().min(1),
  email: z.string().exactOptional(),
  name: z.string().exactOptional(),
  preferred_username: z.string().exactOptional(),
  // A provider that sends something else than a list of names promotes nobody.
  groups: z.array(z.string()).catch([]).exactOptional(),
});

export type ProviderClaims = z.output<typeof claimsSchema>;

/** What next-auth hands over once the tokens are there, as much of it as this needs. */
type SignedIn = {
  readonly tokens: { readonly id_token?: string; readonly access_token?: string };
  readonly client: {
    readonly issuer: { readonly metadata: { readonly userinfo_endpoint?: unknown } };
    userinfo(accessToken: string): Promise<unknown>;
  };
};

/**
 * What the provider says of somebody: the ID token, and what it leaves out from the userinfo endpoint, because many
 * providers keep names and groups out of the token. The ID token was verified when it was fetched.
 * @throws when the two speak of different people (OpenID Connect Core 5.3.2)
 */
export async function readClaims({ tokens, client }: SignedIn): Promise<ProviderClaims> {
  const claims = claimsSchema.parse(payloadOf(tokens.id_token ?? ""));
  const isWhole = claims.email !== undefined && claims.name !== undefined && claims.groups !== undefined;
  if (isWhole || !tokens.access_token || !client.issuer.metadata.userinfo_endpoint) return claims;

  const said = claimsSchema.parse(await client.userinfo(tokens.access_token));
  if (said.sub !== claims.sub) throw new Error("the userinfo endpoint speaks of somebody else than the ID token");
  return { ...said, ...claims };
}

/** The claims of a profile that `readClaims` made. */
export function claimsIn(profile: unknown): ProviderClaims {
  return claimsSchema.parse(profile);
}

function payloadOf(idToken: string): unknown {
  const [, payload = ""] = idToken.split(".");
  return JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
}
