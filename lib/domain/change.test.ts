import canonicalize from "canonicalize";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, isCanonicalJson, type Json } from "./change.ts";

test("the example of RFC 8785 has the canonical form that it shows", () => {
  const value = {
    numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/",
    literals: [null, true, false],
  };
  expect(canonicalJson(value)).toBe(
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  );
});

test("keys are sorted as RFC 8785 sorts them, by UTF-16 code units", () => {
  const value = { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7 };
  expect(Object.values(JSON.parse(canonicalJson(value)) as object)).toEqual([4, 2, 6, 7, 1, 5, 3]);
  expect(canonicalJson(value).indexOf('"\r"')).toBe(-1);
});

test("an outsider's implementation of RFC 8785 gives the same text for everything that JSON can say", () => {
  fc.assert(
    fc.property(fc.jsonValue({ depthSize: "medium", stringUnit: "binary" }), (value) => {
      expect(canonicalJson(value as Json)).toBe(canonicalize(value));
    }),
  );
});

test("what has no canonical form is refused", () => {
  expect(() => canonicalJson("half \ud800 a pair")).toThrow(TypeError);
  expect(() => canonicalJson({ "half \udc00 a pair": 1 })).toThrow(TypeError);
  expect(() => canonicalJson([Number.NaN])).toThrow(TypeError);
  expect(() => canonicalJson([Number.POSITIVE_INFINITY])).toThrow(TypeError);
});

test("what is canonical is known without making it anew", () => {
  const space = fc.constantFrom(undefined, 1);
  fc.assert(
    fc.property(fc.jsonValue({ depthSize: "medium", stringUnit: "binary" }), space, (value, indent) => {
      const texts = [JSON.stringify(value, null, indent), canonicalize(value) ?? ""];
      for (const text of texts) {
        const parsed = JSON.parse(text) as Json;
        expect(isCanonicalJson(text, parsed)).toBe(text === canonicalize(parsed));
      }
    }),
  );
});

test.each([
  '{"b":1,"a":2}',
  '{"a":1,"a":1}',
  "1.0",
  "1E3",
  '"\\u0041"',
  '{"2":1,"10":2}',
  '["\\ud800"]',
  "[1, 2]",
  '"\\/"',
])("%s is not canonical", (text) => {
  expect(isCanonicalJson(text, JSON.parse(text) as Json)).toBe(false);
});

test('{"10":2,"2":1} is canonical, although JavaScript orders such keys as numbers', () => {
  const text = '{"10":2,"2":1}';
  expect(isCanonicalJson(text, JSON.parse(text) as Json)).toBe(true);
});
