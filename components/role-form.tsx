"use client";

import { useState } from "react";
import { useSent } from "./ui/action-form.tsx";
import { Button } from "./ui/button.tsx";
import { Field, Select } from "./ui/field.tsx";

export type RoleLine = { readonly kind: string; readonly target: string; readonly level: string };
export type RoleFormValues = {
  readonly name: string;
  readonly summary: string;
  readonly ownerGroup: string;
  readonly requesterGroup: string;
  readonly approvalsNeeded: number;
  readonly maxMinutes: number;
  readonly decideWithinMinutes: number;
  readonly lines: readonly RoleLine[];
};
export type KindChoice = {
  readonly kind: string;
  readonly words: string;
  readonly levels: readonly { level: string; words: string }[];
};

/**
 * The fields of a role, each with a word on what it does. They keep what the form was begun with: a page that refreshes
 * under somebody who is typing must not type for them.
 */
export function RoleFields({
  values: given,
  groups,
  kinds,
}: {
  values: RoleFormValues;
  groups: readonly string[];
  kinds: readonly KindChoice[];
}) {
  const [values] = useState(given);
  const options = groups.map((path) => <option key={path}>{path}</option>);
  return (
    <div className="grid gap-6">
      <div className="grid gap-5">
        <Field
          name="name"
          label="Name"
          required
          maxLength={80}
          defaultValue={values.name}
          hint="What lists and requests call it."
        />
        <Field
          name="summary"
          label="Summary"
          maxLength={300}
          defaultValue={values.summary}
          hint="One line on what it is for."
        />
      </div>
      <div className="grid gap-5 sm:grid-cols-2">
        <Select
          name="ownerGroup"
          label="Owner group"
          defaultValue={values.ownerGroup}
          hint="Its owners at GitLab decide."
        >
          {options}
        </Select>
        <Select
          name="requesterGroup"
          label="Who may ask"
          defaultValue={values.requesterGroup}
          hint="Everybody in this group."
        >
          {options}
        </Select>
        <Field
          name="maxMinutes"
          label="Longest time, minutes"
          inputMode="numeric"
          required
          defaultValue={String(values.maxMinutes)}
          hint="At most a week: 10080."
        />
        <Field
          name="approvalsNeeded"
          label="Approvals needed"
          inputMode="numeric"
          required
          defaultValue={String(values.approvalsNeeded)}
          hint="Different people, 1 to 5."
        />
        <Field
          name="decideWithinMinutes"
          label="Time to decide, minutes"
          inputMode="numeric"
          required
          defaultValue={String(values.decideWithinMinutes)}
          hint="After it a request expires."
        />
      </div>
      <Lines first={values.lines} kinds={kinds} />
    </div>
  );
}

const EXAMPLES: Readonly<Record<string, string>> = {
  "gitlab-group": "acme/payments",
  "gitlab-project": "acme/payments/api",
  "aws-iam-group": "payments-admin",
  "aws-iam-role": "payments-deployer",
};

type Keyed = RoleLine & { key: number };

function Lines({ first, kinds }: { first: readonly RoleLine[]; kinds: readonly KindChoice[] }) {
  const [lines, setLines] = useState<Keyed[]>(first.map((line, key) => ({ ...line, key })));
  const [next, setNext] = useState(first.length);
  const change = (key: number, part: Partial<RoleLine>) =>
    setLines(lines.map((line) => (line.key === key ? { ...line, ...part } : line)));
  const changeKind = (key: number, kind: string) =>
    change(key, { kind, level: kinds.find((choice) => choice.kind === kind)?.levels[0]?.level ?? "" });
  const add = () => {
    const kind = kinds[0];
    setLines([...lines, { key: next, kind: kind?.kind ?? "", target: "", level: kind?.levels[0]?.level ?? "" }]);
    setNext(next + 1);
  };
  return (
    <fieldset className="@container grid min-w-0 gap-3">
      <legend className="mb-1 font-medium">What it gives</legend>
      <p className="text-sm text-muted">Each line is one place and the level that people get there.</p>
      {lines.map((line, i) => (
        <div
          key={line.key}
          className="grid gap-2 rounded-xl border border-line p-3 @md:grid-cols-[10.5rem_minmax(0,1fr)] @3xl:grid-cols-[10.5rem_minmax(0,1fr)_9rem_auto]"
        >
          <select
            className="input"
            name="kind"
            aria-label={`Kind of place ${i + 1}`}
            value={line.kind}
            onChange={(event) => changeKind(line.key, event.target.value)}
          >
            {kinds.map(({ kind, words }) => (
              <option key={kind} value={kind}>
                {words}
              </option>
            ))}
          </select>
          <input
            className="input font-mono"
            name="target"
            aria-label={`Path or name of place ${i + 1}`}
            placeholder={EXAMPLES[line.kind] ?? ""}
            value={line.target}
            onChange={(event) => change(line.key, { target: event.target.value })}
          />
          <select
            className="input"
            name="level"
            aria-label={`Level at place ${i + 1}`}
            value={line.level}
            onChange={(event) => change(line.key, { level: event.target.value })}
          >
            {kinds
              .find(({ kind }) => kind === line.kind)
              ?.levels.map(({ level, words }) => (
                <option key={level} value={level}>
                  {words}
                </option>
              ))}
          </select>
          <Button
            type="button"
            tone="quiet"
            className="justify-self-start"
            onClick={() => setLines(lines.filter(({ key }) => key !== line.key))}
          >
            Remove<span className="sr-only"> place {i + 1}</span>
          </Button>
        </div>
      ))}
      <LinesError />
      <Button type="button" className="justify-self-start" onClick={add}>
        Add a place
      </Button>
    </fieldset>
  );
}

function LinesError() {
  const sent = useSent();
  if (sent.kind !== "refused" || sent.field !== "entitlements") return null;
  return (
    <p role="alert" className="text-sm font-medium text-bad">
      {sent.words}
    </p>
  );
}
