/**
 * As much of a document as a charting library needs to build an SVG on a server, where there is no browser. What is built
 * prints itself. Style elements are left out, because the policy of pages takes none without its nonce, and so are labels
 * for screen readers: a chart is one image to them, with a table beside it.
 */
export class SvgDocument {
  readonly documentElement = new SvgElement(this, "svg");

  createElementNS(_namespace: string, name: string): SvgElement {
    return new SvgElement(this, name);
  }

  createTextNode(text: string): SvgText {
    return new SvgText(text);
  }
}

class SvgText {
  parentNode: SvgElement | null = null;
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return escaped(this.text);
  }
}

type SvgNode = SvgElement | SvgText;

export class SvgElement {
  readonly namespaceURI = "http://www.w3.org/2000/svg";
  readonly ownerDocument: SvgDocument;
  readonly name: string;
  readonly style = {};
  readonly childNodes: SvgNode[] = [];
  parentNode: SvgElement | null = null;
  private readonly attributes = new Map<string, string>();

  constructor(ownerDocument: SvgDocument, name: string) {
    this.ownerDocument = ownerDocument;
    this.name = name;
  }

  getAttribute(name: string): string | null {
    return this.attributes.get(name) ?? null;
  }

  hasAttribute(name: string): boolean {
    return this.attributes.has(name);
  }

  setAttribute(name: string, value: unknown): void {
    this.attributes.set(name, typeof value === "number" ? String(Math.round(value * 100) / 100) : String(value));
  }

  removeAttribute(name: string): void {
    this.attributes.delete(name);
  }

  appendChild<T extends SvgNode>(child: T): T {
    return this.insertBefore(child, null);
  }

  insertBefore<T extends SvgNode>(child: T, next: SvgNode | null): T {
    const place = next ? this.childNodes.indexOf(next) : this.childNodes.length;
    this.childNodes.splice(place, 0, child);
    child.parentNode = this;
    return child;
  }

  set textContent(text: string) {
    this.childNodes.splice(0, this.childNodes.length, new SvgText(text));
  }

  toString(): string {
    if (this.name === "style") return "";
    const attributes = [...this.attributes]
      .filter(([name]) => !name.startsWith("aria-"))
      .map(([name, value]) => ` ${name}="${escaped(value)}"`);
    return `<${this.name}${attributes.join("")}>${this.childNodes.join("")}</${this.name}>`;
  }
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
