import { providerOf, type Entitlement } from "#lib/domain/entitlement.ts";

type Searched = {
  readonly name: string;
  readonly slug: string;
  readonly summary: string;
  readonly ownerGroup: string;
  readonly entitlements: readonly Pick<Entitlement, "kind" | "target">[];
};

type Search = { readonly q: string; readonly provider: string; readonly owner: string };

/** Every typed word has to be somewhere in the role: its names, its summary, its owner or its places. */
export function fitsSearch(role: Searched, { q, provider, owner }: Search): boolean {
  const targets = role.entitlements.map((line) => line.target);
  const text = [role.name, role.slug, role.summary, role.ownerGroup, ...targets].join("\n").toLowerCase();
  return (
    q
      .toLowerCase()
      .split(/\s+/)
      .every((word) => text.includes(word)) &&
    (provider === "" || role.entitlements.some((line) => providerOf(line.kind) === provider)) &&
    (owner === "" || role.ownerGroup === owner)
  );
}
