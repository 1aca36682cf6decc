/** The sandbox's own time: real time plus an offset that `POST /_clock` moves. The identity provider keeps real time. */
export type Clock = {
  now(): Date;
  offsetMs(): number;
  moveTo(offsetMs: number): void;
};

export function createClock(realNow: () => number = Date.now): Clock {
  let offset = 0;
  return {
    now: () => new Date(realNow() + offset),
    offsetMs: () => offset,
    moveTo: (offsetMs) => void (offset = offsetMs),
  };
}
