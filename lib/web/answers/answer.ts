import "server-only";
import { z } from "zod";
import type { Json } from "../../domain/change.ts";

/** Every shape that has a name in the API's description. */
const NAMED = z.registry<{ readonly id: string }>();

/** Gives a shape its name. `satisfies z.ZodType<T>` beside it holds it to what the query or the use case gives. */
export function named<T extends z.ZodType>(id: string, schema: T): T {
  NAMED.add(schema, { id });
  return schema;
}

export function page<T extends z.ZodType>(id: string, item: T) {
  return named(id, z.object({ items: z.array(item), nextCursor: z.string().nullable() }));
}

/** Given as a Date, sent as text. */
export const moment = z.date();
export const json = z.custom<Json>();

/** Exactly the members of a union: one that is missing or too many does not compile. */
export function oneOf<T extends string>(members: Record<T, true>) {
  return z.enum(Object.keys(members) as [T, ...T[]]);
}

export function reference(schema: z.ZodType): { readonly $ref: string } {
  const { id } = NAMED.get(schema) ?? {};
  if (id === undefined) throw new Error("a shape of the API without a name");
  return { $ref: pathOf(id) };
}

/** All of them as JSON Schema, as they are sent. */
export function namedSchemas(): Record<string, object> {
  const { schemas } = z.toJSONSchema(NAMED, {
    uri: pathOf,
    unrepresentable: "any",
    override({ zodSchema, jsonSchema }) {
      if (zodSchema._zod.def.type === "date") Object.assign(jsonSchema, { type: "string", format: "date-time" });
    },
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _schema, $id: _id, ...schema }]) => [id, schema]),
  );
}

function pathOf(id: string): string {
  return `#/components/schemas/${id}`;
}
