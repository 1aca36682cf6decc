import "server-only";

export const UNKEEPABLE_WORDS = "There is a character in this that cannot be kept. Type it anew.";

/**
 * The path of the first text that PostgreSQL cannot keep: one with a NUL or half of a surrogate pair. Null when there is
 * none. @param value what a schema let through, so it is not deep
 */
export function unkeepableField(value: unknown, path: readonly string[] = []): string | null {
  if (typeof value === "string") return value.includes("\0") || !value.isWellFormed() ? path.join(".") : null;
  if (typeof value !== "object" || value === null) return null;
  for (const [name, item] of Object.entries(value)) {
    const found = unkeepableField(item, [...path, name]);
    if (found !== null) return found;
  }
  return null;
}
