import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

const TONE = {
  info: { box: "bg-accent-soft border-accent/40", icon: Info, ink: "text-accent" },
  wait: { box: "bg-wait-soft border-wait/40", icon: TriangleAlert, ink: "text-wait" },
  bad: { box: "bg-bad-soft border-bad/50", icon: CircleAlert, ink: "text-bad" },
} as const;

type Props = { tone: keyof typeof TONE; live?: boolean; children: ReactNode };

/** Something that people should read before they go on. `live` announces it when it appears. */
export function Notice({ tone, live = false, children }: Props) {
  const { box, icon: Icon, ink } = TONE[tone];
  return (
    <div role={live ? "alert" : undefined} className={`flex gap-3 rounded-xl border px-4 py-3 ${box}`}>
      <Icon aria-hidden className={`mt-0.5 size-5 shrink-0 ${ink}`} />
      <div className="min-w-0">{children}</div>
    </div>
  );
}
