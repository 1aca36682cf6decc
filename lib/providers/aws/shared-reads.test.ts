import { expect, test } from "vitest";
import { sharedReads } from "./shared-reads.ts";

/** Reads that end when they are told to. */
function slowReads() {
  const begun: PromiseWithResolvers<number>[] = [];
  const read = sharedReads((_key: string) => {
    begun.push(Promise.withResolvers());
    return begun.at(-1)!.promise;
  });
  return { begun, read };
}

const aMoment = () => new Promise((resolve) => setImmediate(resolve));

test("who asks together shares a read", async () => {
  const { begun, read } = slowReads();
  const asked = [read("a"), read("a"), read("a")];
  await aMoment();
  expect(begun).toHaveLength(1);
  begun[0]!.resolve(1);
  expect(await Promise.all(asked)).toEqual([1, 1, 1]);
});

test("who asks while a read is under way gets one that began afterwards", async () => {
  const { begun, read } = slowReads();
  const first = read("a");
  await aMoment();
  const late = [read("a"), read("a")];
  await aMoment();
  expect(begun).toHaveLength(1);
  begun[0]!.resolve(1);
  expect(await first).toBe(1);
  await aMoment();
  expect(begun).toHaveLength(2);
  begun[1]!.resolve(2);
  expect(await Promise.all(late)).toEqual([2, 2]);
});

test("a read that fails is told to those who shared it, and to nobody after them", async () => {
  const { begun, read } = slowReads();
  const failed = Promise.allSettled([read("a"), read("a")]);
  await aMoment();
  const next = read("a");
  begun[0]!.reject(new Error("throttled"));
  expect((await failed).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await aMoment();
  begun[1]!.resolve(2);
  expect(await next).toBe(2);
});

test("other things are read meanwhile", async () => {
  const { begun, read } = slowReads();
  const asked = [read("a"), read("b")];
  await aMoment();
  expect(begun).toHaveLength(2);
  for (const each of begun) each.resolve(1);
  expect(await Promise.all(asked)).toEqual([1, 1]);
});
