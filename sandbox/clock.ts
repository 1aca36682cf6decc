/** Called after the clock was moved forward on purpose, with the times before and after. */
export type OnMove = (from: Date, to: Date) => void;

/** The sandbox's own time: real time plus an offset that `POST /_clock` moves. */
export type Clock = {
  now(): Date;
  offsetMs(): number;
  moveTo(offsetMs: number): void;
  onMove(listener: OnMove): void;
};

export function createClock(realNow: () => number = Date.now): Clock {
  let offset = 0;
  const listeners: OnMove[] = [];

  return {
    now: () => new Date(realNow() + offset),
    offsetMs: () => offset,
    onMove: (listener) => void listeners.push(listener),
    moveTo(offsetMs) {
      const at = realNow();
      const from = new Date(at + offset);
      offset = offsetMs;
      for (const listener of listeners) listener(from, new Date(at + offset));
    },
  };
}
