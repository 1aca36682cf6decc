import "server-only";
import { z } from "zod";
import { typedNumber } from "../domain/duration.ts";
import { isPlaceKind, providerOf, type Entitlement, type Level, type PlaceKind } from "../domain/entitlement.ts";

const whole = z.string().transform(typedNumber);
const many = z.union([z.string().transform((text) => [text]), z.array(z.string())]).default([]);

/**
 * A role as the form sends it: each line of what it gives is one `kind`, one `target` and one `level`. A line without a
 * target is not meant. What the values say is judged by the rule of roles, like everywhere else.
 */
export const roleForm = z.object({
  name: z.string(),
  summary: z.string(),
  ownerGroup: z.string(),
  requesterGroup: z.string(),
  approvalsNeeded: whole,
  maxMinutes: whole,
  decideWithinMinutes: whole,
  kind: many,
  target: many,
  level: many,
});

export type RoleForm = z.output<typeof roleForm>;

function entitlementsOf({ kind, target, level }: Pick<RoleForm, "kind" | "target" | "level">): Entitlement[] {
  return target.flatMap((text, i) => {
    const trimmed = text.trim();
    if (trimmed === "") return [];
    const given = kind[i] ?? "";
    return [
      {
        connection: isPlaceKind(given) ? providerOf(given) : "",
        kind: given as PlaceKind,
        target: trimmed,
        level: (level[i] ?? "") as Level,
      },
    ];
  });
}

/** The form in the shape that the API takes. */
export function specFields({ kind, target, level, ...rest }: RoleForm) {
  return { ...rest, entitlements: entitlementsOf({ kind, target, level }) };
}
