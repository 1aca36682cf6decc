import type { Choice } from "#lib/domain/undo.ts";

/** What the address bar puts before the field that a choice is for. */
export const CHOICE = "choice.";

/** The choices that the address bar carries; anything else in it is none. */
export function choicesIn(search: Readonly<Record<string, string | string[] | undefined>>): Record<string, Choice> {
  return Object.fromEntries(
    Object.entries(search).flatMap(([name, value]) =>
      name.startsWith(CHOICE) && (value === "keep" || value === "restore")
        ? [[name.slice(CHOICE.length), value] as const]
        : [],
    ),
  );
}
