"use client";

import { useState } from "react";
import { ActionForm, SubmitButton } from "#components/ui/action-form.tsx";
import { Field, TextArea } from "#components/ui/field.tsx";
import { MinutesError } from "./minutes-error.tsx";
import { submitRequestAction } from "../../../requests/actions.ts";

type Props = { slug: string; maxMinutes: number; lengths: readonly { minutes: number; words: string }[] };

export function AskForm({ slug, maxMinutes, lengths }: Props) {
  const [length, setLength] = useState(String(lengths[0]?.minutes ?? "exact"));
  const [startsAt, setStartsAt] = useState("");
  return (
    <ActionForm
      action={submitRequestAction}
      fields={["minutes", "justification", "ticket", "startsAt"]}
      className="grid gap-6"
    >
      <input type="hidden" name="roleSlug" value={slug} />
      <fieldset className="grid gap-2">
        <legend className="mb-1.5 font-medium">How long</legend>
        <div className="flex flex-wrap gap-2">
          {[
            ...lengths.map(({ minutes, words }) => ({ value: String(minutes), words })),
            { value: "exact", words: "Exactly…" },
          ].map(({ value, words }) => (
            <label
              key={value}
              className="cursor-pointer rounded-full border border-line-strong px-4 py-1.5 has-checked:border-accent has-checked:bg-accent-soft has-checked:font-semibold has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                name="length"
                value={value}
                checked={length === value}
                onChange={() => setLength(value)}
                className="sr-only"
              />
              {words}
            </label>
          ))}
        </div>
        {length === "exact" ? (
          <Field
            name="exact"
            label="Minutes"
            inputMode="numeric"
            hint={`A whole number, at most ${maxMinutes}.`}
            autoFocus
          />
        ) : null}
        <MinutesError />
      </fieldset>
      <TextArea
        name="justification"
        label="Why"
        required
        maxLength={2_000}
        hint="The owners decide on this, and the history keeps it."
      />
      <details className="group">
        <summary className="text-muted">Later, or with a ticket</summary>
        <div className="mt-4 grid gap-5 sm:grid-cols-2">
          <Field name="ticket" label="Ticket" maxLength={200} />
          <div>
            <Field
              name="startsLocal"
              label="Start"
              type="datetime-local"
              hint="In your time zone. Empty: as soon as it is approved."
              onChange={(event) => setStartsAt(toInstant(event.target.value))}
            />
            <input type="hidden" name="startsAt" value={startsAt} />
          </div>
        </div>
      </details>
      <SubmitButton className="justify-self-start px-6">Send request</SubmitButton>
    </ActionForm>
  );
}

/** A date field knows no zone; the viewer's browser does. */
function toInstant(local: string): string {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}
