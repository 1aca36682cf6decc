"use client";

import { createContext, useActionState, useContext, type ReactNode } from "react";
import { useFormStatus } from "react-dom";
import { Button, type Tone } from "./button.tsx";
import { Notice } from "./notice.tsx";

/** What a server action says back. The same shape as the web layer's `FormState`, which cannot be imported here. */
export type ActionState =
  | { readonly kind: "untouched" }
  | { readonly kind: "done"; readonly result: unknown }
  | {
      readonly kind: "refused";
      readonly words: string;
      readonly field: string | undefined;
      readonly values: Readonly<Record<string, string>>;
    };

const Sent = createContext<ActionState>({ kind: "untouched" });

/** What was sent last, and what was said of it. */
export function useSent(): ActionState {
  return useContext(Sent);
}

type Props = {
  action: (before: never, form: FormData) => Promise<ActionState>;
  /** Names of the fields that say their own refusals; anything else is said above the form. */
  fields?: readonly string[];
  className?: string;
  children: ReactNode;
};

/** A form that keeps what was typed when it is refused, and says the refusal where it belongs. Works without scripts. */
export function ActionForm({ action, fields = [], className = "", children }: Props) {
  const [state, send] = useActionState(action as (before: ActionState, form: FormData) => Promise<ActionState>, {
    kind: "untouched",
  });
  const isGeneral = state.kind === "refused" && !(state.field && fields.includes(state.field));
  return (
    <form action={send} className={className}>
      <Sent value={state}>
        {isGeneral ? (
          <Notice tone="bad" live>
            {state.words}
          </Notice>
        ) : null}
        {children}
      </Sent>
    </form>
  );
}

type SubmitProps = { tone?: Tone; children: ReactNode; className?: string; name?: string; value?: string };

export function SubmitButton({ tone = "primary", ...rest }: SubmitProps) {
  const { pending } = useFormStatus();
  return <Button type="submit" tone={tone} aria-disabled={pending} {...rest} />;
}
