/** What a bearer token may be used for. A token never gives more than its person has. */
export const SCOPES = [
  "requests:read",
  "requests:write",
  "approvals:write",
  "grants:read",
  "grants:write",
  "roles:read",
  "roles:write",
  "history:read",
  "metrics:read",
] as const;

export type Scope = (typeof SCOPES)[number];

export function isScope(value: string): value is Scope {
  return (SCOPES as readonly string[]).includes(value);
}
