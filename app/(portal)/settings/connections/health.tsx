import { CircleAlert, CircleCheck, CirclePause, CircleSlash, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Time } from "#components/time.tsx";

type Props = {
  /** It is not configured. */
  off?: boolean;
  downSince: Date | null;
  /** It asked for a pause until then. */
  heldUntil?: Date | null;
  lastOkAt: Date | null;
  /** What it does while it is well, and while it is not: "Answers", "Does not answer". */
  words: { well: string; down: string };
};

/** How something outside fares, in an icon, a colour and words. */
export function Health({ off = false, downSince, heldUntil = null, lastOkAt, words }: Props) {
  if (off)
    return (
      <Standing icon={CircleSlash} tone="text-muted">
        Off
      </Standing>
    );
  if (downSince)
    return (
      <Standing icon={CircleAlert} tone="text-bad">
        {words.down} since <Time at={downSince} style="second" />
      </Standing>
    );
  if (heldUntil)
    return (
      <Standing icon={CirclePause} tone="text-wait">
        Asked for a pause until <Time at={heldUntil} style="second" />
      </Standing>
    );
  return (
    <Standing icon={CircleCheck} tone="text-good">
      {lastOkAt ? words.well : "Not asked yet"}
    </Standing>
  );
}

function Standing({ icon: Icon, tone, children }: { icon: LucideIcon; tone: string; children: ReactNode }) {
  return (
    <span className={`inline-flex items-center gap-1.5 text-sm font-medium ${tone}`}>
      <Icon aria-hidden className="size-4" />
      <span>{children}</span>
    </span>
  );
}
