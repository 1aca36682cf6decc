import { ArrowRight } from "lucide-react";
import { afterMinutes, backstopDate } from "#lib/domain/duration.ts";
import { providerOf, samePlace, type Entitlement } from "#lib/domain/entitlement.ts";
import { actionWords } from "#lib/domain/words.ts";
import type { Held, PlanFacts } from "#lib/queries/plan-facts.ts";
import { planSteps } from "./plan-steps.ts";
import { ProviderMark } from "./provider-mark.tsx";
import { momentWords } from "./time-words.ts";

type Props = {
  entitlements: readonly Entitlement[];
  facts: PlanFacts;
  start: Date;
  /** Null while no length was chosen that could be granted. */
  minutes: number | null;
  timeZone: string;
  now: Date;
};

/** Exactly what will be done, place by place: what is there before, what then, and what after the end. */
export function Plan({ entitlements, facts, start, minutes, timeZone, now }: Props) {
  const end = minutes === null ? null : afterMinutes(start, minutes);
  const said = (at: Date) => momentWords(at, { timeZone, today: now });
  return (
    <ul className="rows">
      {entitlements.map((entitlement) => (
        <li key={`${entitlement.kind} ${entitlement.target}`} className="flex gap-2.5 py-3.5 first:pt-0 last:pb-0">
          <span className="mt-0.5">
            <ProviderMark kind={entitlement.kind} />
          </span>
          <div className="grid min-w-0 gap-1.5">
            <p className="break-words">
              {actionWords(entitlement, facts.accounts[entitlement.connection] ?? null)}
              {end && providerOf(entitlement.kind) === "gitlab" ? `, backstop date ${backstopDate(end)}` : ""}
            </p>
            <Steps steps={planSteps(entitlement, heldAt(entitlement, facts.held), end, said)} />
            <p className="text-sm text-muted">{stopWords(entitlement)}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Before, then what changes, then after. */
function Steps({ steps }: { steps: readonly string[] }) {
  return (
    <ol className="flex flex-wrap items-center gap-x-1.5 gap-y-1 text-sm">
      {steps.map((step, index) => (
        <li key={index} className="flex items-center gap-1.5">
          {index > 0 ? <ArrowRight aria-hidden className="size-3.5 shrink-0 text-muted" /> : null}
          <span
            className={`tabular rounded-md px-2 py-0.5 ${index === 1 ? "bg-accent-soft font-medium text-accent" : "bg-raised text-muted"}`}
          >
            {step}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** The one that ends last, of what the person holds there through Daypass. */
function heldAt(entitlement: Entitlement, held: readonly Held[]): Held | null {
  return held.filter((one) => samePlace(one, entitlement)).at(-1) ?? null;
}

function stopWords({ kind }: Entitlement): string {
  if (providerOf(kind) === "gitlab") return "GitLab itself removes it on the backstop date, should Daypass be down.";
  return kind === "aws-iam-role"
    ? "AWS itself refuses it after the end."
    : "AWS has no expiry for group members; Daypass removes it and looks again.";
}
