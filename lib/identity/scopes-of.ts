import { z } from "zod";

const SCOPES = "openid email profile";
const DISCOVERY_WITHIN_MS = 5_000;

const discovery = z.object({ scopes_supported: z.array(z.string()).default([]) });
const known = new Map<string, string>();

/**
 * The scopes to ask for. `groups` only where the provider offers it: some give the claim for nothing less, and most
 * others refuse a whole sign-in over a scope that they do not know.
 */
export async function scopesOf(issuer: string): Promise<string> {
  const kept = known.get(issuer);
  if (kept) return kept;
  const offered = await scopesOffered(issuer);
  const scopes = offered.includes("groups") ? `${SCOPES} groups` : SCOPES;
  known.set(issuer, scopes);
  return scopes;
}

async function scopesOffered(issuer: string): Promise<readonly string[]> {
  const answer = await fetch(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(DISCOVERY_WITHIN_MS),
    cache: "no-store",
  });
  if (!answer.ok) throw new Error(`the identity provider's discovery answered ${answer.status}`);
  return discovery.parse(await answer.json()).scopes_supported;
}
