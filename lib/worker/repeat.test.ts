import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { repeat } from "./repeat.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = (error: unknown) => expect.unreachable(String(error));

test("the soonest of what was asked for counts, also when it was asked for while a round went on", async () => {
  const rounds: number[] = [];
  let lasting = 0;
  const begun = performance.now();
  const again = repeat(
    5_000,
    async () => {
      rounds.push(Math.round((performance.now() - begun) / 10) * 10);
      await new Promise((done) => setTimeout(done, lasting));
    },
    never,
  );
  await vi.advanceTimersByTimeAsync(0);
  again.within(3_000);
  again.within(1_000);
  again.within(2_000);
  lasting = 400;
  await vi.advanceTimersByTimeAsync(1_100);
  again.within(200);
  await vi.advanceTimersByTimeAsync(250);
  expect(rounds).toEqual([0, 1_000]);
  await vi.advanceTimersByTimeAsync(100);
  expect(rounds).toEqual([0, 1_000, 1_400]);
  await vi.advanceTimersByTimeAsync(5_900);
  expect(rounds).toEqual([0, 1_000, 1_400, 6_800]);
  await again.stop();
});

test("a round that fails is told, and the next one comes; none comes after the stop", async () => {
  const errors: unknown[] = [];
  const task = vi.fn<() => Promise<void>>().mockRejectedValueOnce(new Error("away")).mockResolvedValue();
  const again = repeat(
    5_000,
    task,
    (error) => errors.push(error),
    () => Promise.resolve(700),
  );
  await vi.advanceTimersByTimeAsync(0);
  expect(errors).toEqual([new Error("away")]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(task).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(700);
  expect(task).toHaveBeenCalledTimes(3);
  await again.stop();
  again.now();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(task).toHaveBeenCalledTimes(3);
});
