import type { CSSProperties } from "react";

/** How much of a grant is left, as a bar that runs out. The words beside it say the same. */
export function TimeBar({ from, to, now }: { from: Date; to: Date; now: Date }) {
  const total = Math.max(1, to.getTime() - from.getTime());
  const passed = Math.min(total, Math.max(0, now.getTime() - from.getTime()));
  const style: CSSProperties & Record<`--${string}`, string> = {
    transform: `scaleX(${1 - passed / total})`,
    "--total": `${total}ms`,
    "--begun": `${-passed}ms`,
  };
  return (
    <div aria-hidden className="no-print h-1 overflow-hidden rounded-full bg-raised">
      <div key={now.getTime()} className="time-bar h-full rounded-full bg-good" style={style} />
    </div>
  );
}
