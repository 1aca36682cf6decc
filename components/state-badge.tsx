import {
  CalendarClock,
  CircleAlert,
  CircleCheck,
  CircleSlash,
  Clock,
  KeyRound,
  LoaderCircle,
  TriangleAlert,
  type LucideIcon,
} from "lucide-react";
import type { ReactNode } from "react";
import type { GrantState } from "#lib/domain/grant.ts";
import type { RequestState } from "#lib/domain/request.ts";
import type { WideningState } from "#lib/domain/widening.ts";

type Look = { icon: LucideIcon; tone: string; moving?: boolean };

const QUIET = "bg-raised text-muted";
const LOOK: Record<GrantState | RequestState | WideningState, Look> = {
  PENDING: { icon: Clock, tone: "bg-wait-soft text-wait" },
  APPROVED: { icon: CircleCheck, tone: QUIET },
  DENIED: { icon: CircleSlash, tone: QUIET },
  WITHDRAWN: { icon: CircleSlash, tone: QUIET },
  EXPIRED: { icon: CircleSlash, tone: QUIET },
  OVERTAKEN: { icon: CircleSlash, tone: QUIET },
  SCHEDULED: { icon: CalendarClock, tone: QUIET },
  ACTIVATING: { icon: LoaderCircle, tone: "bg-accent-soft text-accent", moving: true },
  ACTIVE: { icon: KeyRound, tone: "bg-good-soft text-good" },
  ENDING: { icon: LoaderCircle, tone: "bg-accent-soft text-accent", moving: true },
  REVOKING: { icon: LoaderCircle, tone: "bg-accent-soft text-accent", moving: true },
  ENDED: { icon: CircleCheck, tone: QUIET },
  REVOKED: { icon: CircleCheck, tone: QUIET },
  ACTIVATION_FAILED: { icon: CircleAlert, tone: "bg-bad-soft text-bad" },
};

const TAKEN: Look = { icon: TriangleAlert, tone: "bg-wait-soft text-wait" };

type Props = {
  /** Whose state it is: when it changes under the viewer's eyes, it is announced by this name. */
  of: { readonly id: string; readonly name: string };
  state: GrantState | RequestState | WideningState;
  /** Turns a removal red. */
  late?: boolean;
  /** A hand took what is in this state. */
  taken?: boolean;
  children: ReactNode;
};

/** A state as icon, words and colour. */
export function StateBadge({ of, state, late = false, taken = false, children }: Props) {
  const { icon: Icon, tone, moving } = taken ? TAKEN : LOOK[state];
  return (
    <span
      data-news={of.id}
      data-about={of.name}
      data-state={state}
      className={`inline-flex items-center gap-1.5 rounded-2xl px-2.5 py-1 text-sm font-medium ${late ? "bg-bad-soft text-bad" : tone}`}
    >
      <Icon aria-hidden className={`size-4 shrink-0 ${moving ? "moving" : ""}`} />
      <span className="min-w-0">{children}</span>
    </span>
  );
}
