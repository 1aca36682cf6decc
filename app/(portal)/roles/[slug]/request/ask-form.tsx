"use client";

import { useState, type ReactNode } from "react";
import { usePassed } from "#components/passing.ts";
import { Plan } from "#components/plan.tsx";
import { ActionForm, SubmitButton } from "#components/ui/action-form.tsx";
import { Field, TextArea } from "#components/ui/field.tsx";
import { judgeMinutes } from "#lib/domain/duration.ts";
import type { Entitlement } from "#lib/domain/entitlement.ts";
import type { Asked } from "#lib/queries/asked-before.ts";
import type { PlanFacts } from "#lib/queries/plan-facts.ts";
import { extendGrantAction, submitRequestAction } from "../../../requests/actions.ts";
import { judgeAsked } from "./judge-asked.ts";
import { LengthChoice } from "./length-choice.tsx";

type Props = {
  role: { slug: string; maxMinutes: number; entitlements: readonly Entitlement[] };
  /** The access that this goes on from, and when that ends. */
  extended: { grantId: string; endsAt: string } | null;
  /** What was asked for the last time, to begin with. */
  again: Asked | null;
  facts: PlanFacts;
  /** What Daypass's clock says. */
  now: string;
  timeZone: string;
  /** Who decides and what else is to be known, below the plan. */
  children: ReactNode;
};

/** The ask on one side and, changing with it, what will happen on the other. */
export function AskForm({ role, extended, again, facts, now, timeZone, children }: Props) {
  const [minutes, setMinutes] = useState(Math.min(again?.minutes ?? 30, role.maxMinutes));
  const [startsAt, setStartsAt] = useState(extended?.endsAt ?? "");
  const clock = new Date(Date.parse(now) + usePassed(now, 10_000));
  const isGrantable = judgeMinutes(minutes, role.maxMinutes).allowed;
  return (
    <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.05fr)]">
      <ActionForm
        action={extended ? extendGrantAction : submitRequestAction}
        fields={["minutes", "justification", "ticket", "startsAt"]}
        judge={(form) => judgeAsked(form, role.maxMinutes, clock)}
        className="grid gap-6"
      >
        {extended ? (
          <input type="hidden" name="grantId" value={extended.grantId} />
        ) : (
          <input type="hidden" name="roleSlug" value={role.slug} />
        )}
        <LengthChoice maxMinutes={role.maxMinutes} minutes={minutes} onMinutes={setMinutes} />
        <TextArea
          name="justification"
          label={extended ? "Why longer" : "Why"}
          rows={4}
          required
          defaultValue={again?.justification}
          hint="The owners decide on this, and the history keeps it."
        />
        {extended ? (
          <Field name="ticket" label="Ticket (optional)" />
        ) : (
          <Later ticket={again?.ticket ?? ""} startsAt={startsAt} onStart={setStartsAt} />
        )}
        <SubmitButton className="min-h-11 justify-self-start px-6">Send request</SubmitButton>
      </ActionForm>
      <aside className="card grid gap-5 p-5" aria-labelledby="plan">
        <h2 id="plan">What will happen</h2>
        <Plan
          entitlements={role.entitlements}
          facts={facts}
          start={startsAt ? new Date(startsAt) : clock}
          minutes={isGrantable ? minutes : null}
          timeZone={timeZone}
          now={clock}
        />
        {children}
      </aside>
    </div>
  );
}

type LaterProps = { ticket: string; startsAt: string; onStart: (instant: string) => void };

function Later({ ticket, startsAt, onStart }: LaterProps) {
  return (
    <details open={ticket !== ""}>
      <summary className="text-muted">Later, or with a ticket</summary>
      <div className="mt-4 grid gap-5 sm:grid-cols-2">
        <Field name="ticket" label="Ticket" defaultValue={ticket} />
        <div className="min-w-0">
          <Field
            name="startsLocal"
            errorOf="startsAt"
            label="Start"
            type="datetime-local"
            hint="In your time zone. Empty: as soon as it is approved."
            onChange={(event) => onStart(toInstant(event.target.value))}
          />
          <input type="hidden" name="startsAt" value={startsAt} />
        </div>
      </div>
    </details>
  );
}

/** A date field knows no zone; the viewer's browser does. */
function toInstant(local: string): string {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}
