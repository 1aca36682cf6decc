import { plot, type PlotOptions } from "@observablehq/plot";
import { SvgDocument } from "./svg-document.ts";

export function svgOf(options: PlotOptions): string {
  const document = new SvgDocument() as unknown as Document;
  // eslint-disable-next-line @typescript-eslint/no-base-to-string -- the elements of this document print themselves
  return String(plot({ ...options, document, className: "chart" }));
}
