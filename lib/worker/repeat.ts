/**
 * Runs `task` again and again, `everyMs` after it last ended, or sooner when `untilNextMs` says so; `now()` and
 * `within(ms)` bring the next round forward. A round that fails is told to `onError` and does not stop the next.
 */
export function repeat(
  everyMs: number,
  task: () => Promise<unknown>,
  onError: (error: unknown) => void,
  untilNextMs: () => Promise<number> = () => Promise.resolve(everyMs),
) {
  let nextAt = Infinity;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;

  const round = async () => {
    nextAt = Infinity;
    const next = task().then(untilNextMs);
    const ms = await next.catch((error: unknown) => {
      onError(error);
      return everyMs;
    });
    running = undefined;
    within(Math.min(ms, everyMs));
  };
  const within = (ms: number) => {
    nextAt = Math.min(nextAt, performance.now() + ms);
    if (running || stopped) return;
    clearTimeout(timer);
    timer = setTimeout(() => void (running = round()), Math.max(0, nextAt - performance.now()));
  };

  within(0);
  return {
    now: () => within(0),
    within,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
