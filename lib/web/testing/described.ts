import { z } from "zod";

type Described = { readonly description: string; readonly content?: Record<string, { readonly schema: object }> };
type Document = {
  readonly paths: Record<string, Record<string, { readonly responses: Record<string, Described> }>>;
  readonly components: { readonly schemas: Record<string, object> };
};

export type Answered = { readonly status: number; readonly type: string | null; readonly text: string };

/** Judges answers by the API's own description. Gives what is wrong with one, or null. */
export function judgeBy(document: object): (method: string, path: string, answer: Answered) => string | null {
  const { paths, components } = JSON.parse(
    JSON.stringify(document).replaceAll("#/components/schemas/", "#/$defs/"),
  ) as Document;
  const known = new Map<string, z.ZodType>();
  const schemaOf = (schema: object): z.ZodType => {
    const key = JSON.stringify(schema);
    const made = known.get(key) ?? z.fromJSONSchema({ ...schema, $defs: components.schemas } as never);
    known.set(key, made);
    return made;
  };
  return (method, path, { status, type, text }) => {
    const operation = paths[path]?.[method.toLowerCase()];
    if (!operation) return `${method} ${path} is not described`;
    const described = operation.responses[status] ?? (status >= 400 ? operation.responses["default"] : undefined);
    if (!described) return `${status} is not described`;
    if (!described.content) return text === "" ? null : "something was said where nothing is described";
    const schema = described.content[type?.replace(/;.*/, "") ?? ""]?.schema;
    if (!schema) return `${String(type)} is not described`;
    const judged = schemaOf(schema).safeParse(
      type?.includes("json") && !type.includes("ndjson") ? JSON.parse(text) : text,
    );
    return judged.success ? null : z.prettifyError(judged.error);
  };
}
