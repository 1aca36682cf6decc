import type { PlotOptions } from "@observablehq/plot";
import type { ReactNode } from "react";
import { svgOf } from "./svg-of.ts";

/** Drawn for each of these widths, in pixels, and shown where it is nearest, so that letters keep their size. */
const HALF = [
  { width: 300, shown: "@min-[24rem]:hidden" },
  { width: 400, shown: "hidden @min-[24rem]:block max-w-[30rem]" },
] as const;
const WHOLE = [
  HALF[0],
  { width: 420, shown: "hidden @min-[24rem]:block @min-[37rem]:hidden" },
  { width: 620, shown: "hidden @min-[37rem]:block @min-[48rem]:hidden" },
  { width: 860, shown: "hidden @min-[48rem]:block" },
] as const;

type Props = {
  /** What it shows, for those who do not see it. */
  label: string;
  /** As wide as the page; else half of it. */
  whole?: boolean;
  draw: (width: number) => PlotOptions;
  /** The same figures as a table. */
  children: ReactNode;
};

/** A chart made on the server: the browser gets an image that follows the page's colours, and no script. */
export function Chart({ label, whole = false, draw, children }: Props) {
  return (
    <figure className="@container">
      {(whole ? WHOLE : HALF).map(({ width, shown }) => (
        <div
          key={width}
          role="img"
          aria-label={label}
          className={shown}
          dangerouslySetInnerHTML={{ __html: svgOf({ ...draw(width), width }) }}
        />
      ))}
      {children}
    </figure>
  );
}
