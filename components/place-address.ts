import type { Place } from "#lib/domain/entitlement.ts";

/** The page of one place. The slashes of a path stay as they are. */
export function placeAddress({ connection, kind, target }: Place): string {
  return `/targets/${[connection, kind, ...target.split("/")].map(encodeURIComponent).join("/")}`;
}

/** The place whose page it is; null when its name cannot be. */
export function placeIn(parts: readonly string[]): { connection: string; kind: string; target: string } | null {
  try {
    const [connection = "", kind = "", ...path] = parts.map(decodeURIComponent);
    return { connection, kind, target: path.join("/") };
  } catch {
    return null;
  }
}
