"use client";

import { useId, type ComponentProps, type ReactNode } from "react";
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
  const error = sent.kind === "refused" && sent.field === errorOf ? sent.words : undefined;
  const kept = sent.kind === "refused" ? sent.values[name] : undefined;
  return { id, error, value: kept ?? defaultValue };
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
  const { id, error, value } = useField(name, defaultValue, errorOf);
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <input key={value} className="input" name={name} defaultValue={value} {...described(id, hint, error)} {...rest} />
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
  const { id, error, value } = useField(name, defaultValue, errorOf);
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <textarea
        key={value}
        className="input"
        name={name}
        defaultValue={value}
        rows={3}
        {...described(id, hint, error)}
        {...rest}
      />
    </Frame>
  );
}

export function Select({ name, label, hint, defaultValue, errorOf, children }: Common & { children: ReactNode }) {
  const { id, error, value } = useField(name, defaultValue, errorOf);
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <select key={value} className="input" name={name} defaultValue={value} {...described(id, hint, error)}>
        {children}
      </select>
    </Frame>
  );
}
