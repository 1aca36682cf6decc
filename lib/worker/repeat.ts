/**
 * Runs `task` again and again, `everyMs` after it last ended; `now()` brings the next round forward. A round that fails
 * is told to `onError` and does not stop the next.
 */
export function repeat(everyMs: number, task: () => Promise<unknown>, onError: (error: unknown) => void) {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let wanted = false;
  let stopped = false;

  const round = async () => {
    wanted = false;
    await task().catch(onError);
    running = undefined;
    if (wanted) now();
    else if (!stopped) timer = setTimeout(now, everyMs);
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
