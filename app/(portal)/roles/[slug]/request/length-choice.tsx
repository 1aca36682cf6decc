"use client";

import { useState } from "react";
import { Radios } from "#components/ui/radios.tsx";
import { Field } from "#components/ui/field.tsx";
import { judgeMinutes, typedNumber } from "#lib/domain/duration.ts";
import { durationWords } from "#lib/domain/words.ts";
import { REFUSALS } from "#lib/web/refusal-words.ts";
import { MinutesError } from "./minutes-error.tsx";

const USUAL = [30, 60, 120, 240];
const EXACT = "exact";

type Props = { maxMinutes: number; minutes: number; onMinutes: (minutes: number) => void };

/** How long: a usual length, the longest, or exactly so many minutes, which are judged while they are typed. */
export function LengthChoice({ maxMinutes, minutes, onMinutes }: Props) {
  const lengths = [...USUAL.filter((usual) => usual < maxMinutes), maxMinutes];
  const [first] = useState(lengths.includes(minutes) ? "" : String(minutes));
  const [choice, setChoice] = useState(first ? EXACT : String(minutes));
  const [typed, setTyped] = useState(first);
  const verdict = judgeMinutes(minutes, maxMinutes);
  const isWrong = choice === EXACT && typed !== "" && !verdict.allowed;

  const choose = (value: string) => {
    setChoice(value);
    onMinutes(typedNumber(value === EXACT ? typed : value));
  };
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-2 font-medium">How long</legend>
      <Radios
        name="length"
        chosen={choice}
        onChoose={choose}
        options={[
          ...lengths.map((length) => ({ value: String(length), words: durationWords(length) })),
          { value: EXACT, words: "Exactly…" },
        ]}
      />
      {choice === EXACT ? (
        <Field
          name="exact"
          errorOf="minutes"
          label="Minutes"
          inputMode="numeric"
          autoComplete="off"
          autoFocus={first === ""}
          defaultValue={first}
          hint={`A whole number, at most ${maxMinutes}.`}
          onChange={(event) => {
            setTyped(event.target.value);
            onMinutes(typedNumber(event.target.value));
          }}
        />
      ) : (
        <MinutesError />
      )}
      {isWrong ? <p className="text-sm text-bad">{REFUSALS[verdict.code].words}</p> : null}
    </fieldset>
  );
}
