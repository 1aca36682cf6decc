/**
 * Runs `task` again and again, `everyMs` after it last ended, or sooner when `untilNextMs` says so; `now()` brings the next
 * round forward. A round that fails is told to `onError` and does not stop the next.
 */
export function repeat(
  everyMs: number,
  task: () => Promise<unknown>,
  onError: (error: unknown) => void,
  untilNextMs: () => Promise<number> = () => Promise.resolve(everyMs),
) {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let wanted = false;
  let stopped = false;

  const round = async () => {
    wanted = false;
    const next = task().then(untilNextMs);
    const ms = await next.catch((error: unknown) => {
      onError(error);
      return everyMs;
    });
    running = undefined;
    if (wanted) now();
    else if (!stopped) timer = setTimeout(now, Math.min(ms, everyMs));
  };
  const now = () => {
    wanted = true;
    clearTimeout(timer);
    if (!running && !stopped) running = round();
  };

  now();
  return {
    now,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
