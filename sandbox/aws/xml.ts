export type Xml = string | number | boolean | undefined | readonly Xml[] | { readonly [name: string]: Xml };

/** The AWS Query protocol's XML: lists are `<member>` elements, what is undefined is left out. */
export function element(name: string, value: Xml): string {
  if (value === undefined) return "";
  if (isList(value)) return `<${name}>${value.map((item) => element("member", item)).join("")}</${name}>`;
  if (typeof value === "object")
    return `<${name}>${Object.entries(value)
      .map(([key, inner]) => element(key, inner))
      .join("")}</${name}>`;
  return `<${name}>${escape(String(value))}</${name}>`;
}

function isList(value: Xml): value is readonly Xml[] {
  return Array.isArray(value);
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
