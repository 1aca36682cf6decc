"use client";

import { useId, useState, type ComponentProps, type ReactNode, type SyntheticEvent } from "react";
import { useSent } from "./action-form.tsx";

type Common = {
  name: string;
  label: string;
  hint?: ReactNode;
  defaultValue?: string | undefined;
  /** The field that refusals name, where that is not the input's own name. */
  errorOf?: string | undefined;
};

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** What the control itself needs, and what is said around it. */
function useField({ name, hint, defaultValue, errorOf = name }: Common) {
  const id = useId();
  const sent = useSent();
  // What was said of a field is said of what was sent, not of what is typed since.
  const [answered, setAnswered] = useState<unknown>(null);
  const isSaid = sent.kind === "refused" && sent.field === errorOf && answered !== sent;
  const [unfit, setUnfit] = useState<string>();
  const error = unfit ?? (isSaid ? sent.words : undefined);
  const kept = sent.kind === "refused" ? sent.values[name] : undefined;
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  const control = {
    id,
    name,
    className: "input",
    defaultValue: kept ?? defaultValue,
    onInput: () => {
      setAnswered(sent);
      setUnfit(undefined);
    },
    // The browser's own bubble goes away by itself, and looks like nothing else here.
    onInvalid: (event: SyntheticEvent<Control>) => {
      event.preventDefault();
      const field = event.currentTarget;
      setUnfit(field.validity.valueMissing ? "This cannot be empty." : field.validationMessage);
      if (field.form?.querySelector("input:invalid, textarea:invalid, select:invalid") === field) field.focus();
    },
    "aria-invalid": error ? true : undefined,
    ...(described ? { "aria-describedby": described } : {}),
  };
  return { id, error, control };
}

function Frame({
  id,
  label,
  hint,
  error,
  children,
}: {
  id: string;
  label: string;
  hint?: ReactNode;
  error: string | undefined;
  children: ReactNode;
}) {
  return (
    <div className="grid min-w-0 content-start gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children}
      {hint ? (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} role="alert" className="text-sm font-medium text-bad">
          {error}
        </p>
      ) : null}
    </div>
  );
}

export function Field({
  name,
  label,
  hint,
  defaultValue,
  errorOf,
  ...rest
}: Common & Omit<ComponentProps<"input">, "defaultValue">) {
  const { id, error, control } = useField({ name, label, hint, defaultValue, errorOf });
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <input key={control.defaultValue} {...control} {...rest} />
    </Frame>
  );
}

export function TextArea({
  name,
  label,
  hint,
  defaultValue,
  errorOf,
  ...rest
}: Common & Omit<ComponentProps<"textarea">, "defaultValue">) {
  const { id, error, control } = useField({ name, label, hint, defaultValue, errorOf });
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <textarea key={control.defaultValue} rows={3} {...control} {...rest} />
    </Frame>
  );
}

export function Select({ children, ...common }: Common & { children: ReactNode }) {
  const { id, error, control } = useField(common);
  return (
    <Frame id={id} label={common.label} hint={common.hint} error={error}>
      <select key={control.defaultValue} {...control}>
        {children}
      </select>
    </Frame>
  );
}
