import { text } from "@observablehq/plot";
import { expect, test } from "vitest";
import { SvgDocument } from "./svg-document.ts";
import { svgOf } from "./svg-of.ts";

const drawn = (name: string) =>
  svgOf({ marks: [text([name], { text: [name], title: [name], frameAnchor: "middle" })] });

test("what people are called is text in a chart, never markup", () => {
  const svg = drawn(`</svg><script>alert("1 & 2")</script>`);
  expect(svg).toContain("&lt;/svg&gt;&lt;script&gt;alert(&quot;1 &amp; 2&quot;)&lt;/script&gt;");
  expect(svg).not.toContain("<script");
});

test("a chart brings no style of its own, and is one image to a screen reader", () => {
  const svg = drawn("maya");
  expect(svg).toMatch(/^<svg [^>]*>.*<title>maya<\/title>.*<\/svg>$/s);
  expect(svg).not.toMatch(/<style|aria-/);
});

test("coordinates are as exact as eyes are", () => {
  const element = new SvgDocument().createElementNS("", "rect");
  element.setAttribute("x", 29.999999999999996);
  element.setAttribute("y", "1.23456");
  expect(String(element)).toBe('<rect x="30" y="1.23456"></rect>');
});
