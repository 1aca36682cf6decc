import { Differences } from "#components/differences.tsx";
import { Narrowings } from "#components/narrowings.tsx";
import { WaitingPart } from "#components/waiting-part.tsx";
import { ActionForm, SubmitButton } from "#components/ui/action-form.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { RolePreview, RollbackPreview as Preview } from "#lib/queries/preview-rollback.ts";
import { rollBackAction } from "./actions.ts";
import { Conflicts } from "./conflicts.tsx";

type Props = { preview: Preview; choices: Readonly<Record<string, string>>; reason: string; button: string };

/** Exactly what a rollback would do, what it cannot do, and the one click that does it. */
export function RollbackPreview({ preview, choices, reason, button }: Props) {
  const { roles, fourEyes, stays, undecided } = preview;
  const isNothing = fourEyes === null && roles.every((role) => role.differences.length + role.waiting.length === 0);
  return (
    <div className="grid max-w-4xl gap-5">
      {roles.some(({ conflicts }) => conflicts.length > 0) ? <Conflicts roles={roles} /> : null}
      {roles.map((role) => (
        <RoleEffect key={role.slug} role={role} />
      ))}
      {fourEyes === null ? null : <FourEyesEffect needed={fourEyes} />}
      {stays.length > 0 ? <Stays lines={stays} /> : null}
      {isNothing && undecided === 0 ? <Notice tone="info">Nothing would be different.</Notice> : null}
      {isNothing || undecided > 0 ? null : <Confirm {...{ preview, choices, reason, button }} />}
    </div>
  );
}

function RoleEffect({ role }: { role: RolePreview }) {
  const { name, version, differences, waiting } = role;
  return (
    <section className="card grid gap-5 p-5" aria-label={name}>
      <div>
        <h2 className="mb-3">
          {name}, from version {version}
        </h2>
        <Differences items={differences} empty={waiting.length > 0 ? "Nothing at once." : "Nothing."} />
      </div>
      {waiting.length > 0 ? (
        <div>
          <h3 className="mb-2 font-semibold">What waits for a second person</h3>
          <WaitingPart items={waiting} />
        </div>
      ) : null}
      <div>
        <h3 className="mb-2 font-semibold">What it means for people who have it now</h3>
        <Narrowings preview={role} />
      </div>
    </section>
  );
}

function FourEyesEffect({ needed }: { needed: boolean }) {
  return (
    <section className="card p-5">
      <h2 className="mb-3">Four eyes</h2>
      <p>
        {needed
          ? "What gives more waits for a second person again."
          : "That what gives more goes without a second person is proposed, and waits for a second admin itself."}
      </p>
    </section>
  );
}

function Stays({ lines }: { lines: readonly string[] }) {
  return (
    <section className="card p-5">
      <h2 className="mb-3">What cannot be undone</h2>
      <ul className="grid list-disc gap-1 pl-5">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}

function Confirm({ preview: { aim, basis }, choices, reason, button }: Props) {
  return (
    <section className="card border-accent/50 p-5">
      <ActionForm action={rollBackAction} fields={["reason"]} className="grid gap-4">
        <input type="hidden" name="kind" value={aim.kind} />
        <input type="hidden" name="seq" value={aim.seq} />
        <input type="hidden" name="basis" value={basis} />
        <input type="hidden" name="choices" value={JSON.stringify(choices)} />
        <Field name="reason" label="Why" required maxLength={1_000} defaultValue={reason} />
        <SubmitButton className="justify-self-start px-6">{button}</SubmitButton>
      </ActionForm>
    </section>
  );
}
