"use client";

import { useId, useState, type ComponentProps, type ReactNode } from "react";
import { useSent } from "./action-form.tsx";

type Common = {
  name: string;
  label: string;
  hint?: ReactNode;
  defaultValue?: string;
  /** The field that refusals name, where that is not the input's own name. */
  errorOf?: string;
};

function useField(name: string, defaultValue: string | undefined, errorOf = name) {
  const id = useId();
  const sent = useSent();
  // What was said of a field is said of what was sent, not of what is typed since.
  const [answered, setAnswered] = useState<unknown>(null);
  const isSaid = sent.kind === "refused" && sent.field === errorOf && answered !== sent;
  const kept = sent.kind === "refused" ? sent.values[name] : undefined;
  return {
    id,
    error: isSaid ? sent.words : undefined,
    value: kept ?? defaultValue,
    onInput: () => setAnswered(sent),
  };
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
    <div className="grid content-start gap-1.5">
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

function described(id: string, hint: ReactNode, error: string | undefined) {
  const ids = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return { id, "aria-invalid": error ? true : undefined, ...(ids ? { "aria-describedby": ids } : {}) };
}

export function Field({
  name,
  label,
  hint,
  defaultValue,
  errorOf,
  ...rest
}: Common & Omit<ComponentProps<"input">, "defaultValue">) {
  const { id, error, value, onInput } = useField(name, defaultValue, errorOf);
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <input
        key={value}
        className="input"
        name={name}
        defaultValue={value}
        onInput={onInput}
        {...described(id, hint, error)}
        {...rest}
      />
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
  const { id, error, value, onInput } = useField(name, defaultValue, errorOf);
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <textarea
        key={value}
        className="input"
        name={name}
        defaultValue={value}
        rows={3}
        onInput={onInput}
        {...described(id, hint, error)}
        {...rest}
      />
    </Frame>
  );
}

export function Select({ name, label, hint, defaultValue, errorOf, children }: Common & { children: ReactNode }) {
  const { id, error, value, onInput } = useField(name, defaultValue, errorOf);
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <select
        key={value}
        className="input"
        name={name}
        defaultValue={value}
        onInput={onInput}
        {...described(id, hint, error)}
      >
        {children}
      </select>
    </Frame>
  );
}
