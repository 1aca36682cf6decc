import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, isCanonicalJson, type Change, type Json, type StoredChange } from "../domain/change.ts";
import { REDACTED, changeIn, personalPaths } from "../domain/personal.ts";
import { committedText, contentHash, seal } from "./committed.ts";
import { madeChange } from "./testing/made-export.ts";

const SALT = Buffer.alloc(16, 0xab);
const MAYA = { kind: "person", id: "0", name: "Maya", via: "web" } as const;
const words = fc.string({ unit: "binary" }).filter((text) => text.isWellFormed());
const maybe = fc.option(words);

/** Anything that an entry may say, with names in some of the places where names may be. */
const anyChange: fc.Arbitrary<Change> = fc
  .record({
    actor: fc.constantFrom<Change["actor"]>(MAYA, { ...MAYA, kind: "system" }),
    about: fc.record({ person: maybe, account: maybe, proposer: words, role: words }, { requiredKeys: [] }),
    why: maybe,
    before: fc.jsonValue() as fc.Arbitrary<Json>,
    after: fc.oneof(fc.record({ username: words, level: words }), fc.jsonValue() as fc.Arbitrary<Json>),
  })
  .map((parts) => madeChange(1, parts as Partial<Change>));

test("an entry and its committed form have one hash, and nothing personal is left in the committed form", () => {
  fc.assert(
    fc.property(anyChange, fc.uint8Array({ minLength: 16, maxLength: 16 }), (change, salt) => {
      const { body, committed } = seal(change, salt);
      const stored = JSON.parse(body) as StoredChange;
      const bare = JSON.parse(committed) as StoredChange;
      expect(isCanonicalJson(committed, bare as Json)).toBe(true);
      expect(committedText(body, stored)).toBe(committed);
      expect(contentHash(body, stored)).toEqual(contentHash(committed, bare));
      expect(canonicalJson(changeIn(body) as Json)).toBe(canonicalJson(change as Json));

      const opened = changeIn(committed);
      const paths = personalPaths(change);
      expect(Object.keys(bare.commitments ?? {})).toEqual(paths);
      expect(personalPaths(opened)).toEqual(paths);
      const left = canonicalJson({ ...bare, id: "" });
      if (change.why !== null && change.why.length > 3) expect(bare.why).toBeUndefined();
      expect(left).not.toContain(Buffer.from(salt).toString("hex"));
      expect([opened.kind, opened.at, opened.about.role]).toEqual([change.kind, change.at, change.about.role]);
    }),
  );
});

test("a commitment is SHA-256 of salt, path, a zero byte and the value", () => {
  const { committed } = seal(madeChange(1, { actor: MAYA, why: "größe" }), SALT);
  const expected = createHash("sha256")
    .update(SALT)
    .update("/why")
    .update(Buffer.alloc(1))
    .update("größe")
    .digest("hex");
  expect((JSON.parse(committed) as StoredChange).commitments).toMatchObject({ "/why": expected });
});

test("an entry that names nobody is its own committed form and has no salt", () => {
  const { body, committed } = seal(madeChange(2), SALT);
  expect(body).toBe(committed);
  expect(body).not.toContain("personal");
});

test("what was redacted reads so, and the rest reads as it was", () => {
  const about = { person: "Maya", role: "payments", approver: "Omar" };
  const { committed } = seal(madeChange(1, { actor: MAYA, about, why: "x", after: { username: "maya", n: 1 } }), SALT);
  expect(changeIn(committed)).toMatchObject({
    actor: { kind: "person", id: "0", name: REDACTED, via: "web" },
    about: { person: REDACTED, role: "payments", approver: REDACTED },
    why: REDACTED,
    after: { username: REDACTED, n: 1 },
  });
});

test.each([
  ["no salt", { paths: ["/why"] }],
  ["a short salt", { paths: ["/why"], salt: "ab" }],
  ["a salt in capitals", { paths: ["/why"], salt: SALT.toString("hex").toUpperCase() }],
  ["no path", { paths: [], salt: SALT.toString("hex") }],
  ["a path twice", { paths: ["/why", "/why"], salt: SALT.toString("hex") }],
  ["paths in another order", { paths: ["/why", "/actor/name"], salt: SALT.toString("hex") }],
  ["a path to nothing", { paths: ["/about/person", "/why"], salt: SALT.toString("hex") }],
  ["a path that is none", { paths: ["why"], salt: SALT.toString("hex") }],
  ["something else too", { paths: ["/why"], salt: SALT.toString("hex"), more: 1 }],
  ["nothing", null],
])("an entry whose seal has %s has no hash", (_what, personal) => {
  const stored = { ...madeChange(1), personal } as unknown as StoredChange;
  expect(contentHash("{}", stored)).toBeNull();
});
