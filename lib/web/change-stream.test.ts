import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { changeStream } from "./change-stream.ts";
import type { ChangeNotice } from "./live.ts";

beforeEach(() => {
  vi.useFakeTimers();
  // As if the database were listened to already.
  globalThis.daypassListeners = new Set();
});
afterEach(() => {
  vi.useRealTimers();
  globalThis.daypassListeners = undefined;
});

const listeners = () => globalThis.daypassListeners?.size;
const tell = (seq: number) => {
  const notice: ChangeNotice = { seq, kind: "request.submitted", personId: "somebody", roleId: null };
  for (const listener of globalThis.daypassListeners ?? []) listener(notice);
};

function open(left = new AbortController()) {
  const reader = changeStream(left.signal).getReader();
  const next = async () => {
    const { value, done } = await reader.read();
    return done ? "the end" : new TextDecoder().decode(value);
  };
  return { reader, next, left };
}

test("a change is told by its number alone", async () => {
  const { next } = open();
  expect(await next()).toBe("retry: 500\n\n");
  tell(7);
  expect(await next()).toBe("event: change\ndata: 7\n\n");
});

test("a quiet stream beats, so that nothing between takes it for dead", async () => {
  const { next } = open();
  await next();
  vi.advanceTimersByTime(15_000);
  expect(await next()).toBe(": beat\n\n");
});

test("after a minute it ends, and whoever comes back is asked who they are", async () => {
  const { next } = open();
  vi.advanceTimersByTime(60_000);
  const said = [await next(), await next(), await next(), await next(), await next()];
  expect(said.at(-1)).toBe("the end");
  expect(listeners()).toBe(0);
});

test("a process that is asked to end lets its open pages go", async () => {
  const { next } = open();
  await next();
  for (const listener of globalThis.daypassListeners ?? []) listener("stopping");
  expect(await next()).toBe("the end");
});

test("nothing is kept of a page that was left, whichever way it went", async () => {
  const gone = new AbortController();
  gone.abort();
  expect(await open(gone).next()).toBe("retry: 500\n\n");

  const aborted = open();
  aborted.left.abort();

  const cancelled = open();
  await cancelled.reader.cancel();
  cancelled.left.abort();

  expect(listeners()).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});
