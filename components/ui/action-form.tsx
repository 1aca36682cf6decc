"use client";

import { LoaderCircle } from "lucide-react";
import {
  createContext,
  useActionState,
  useContext,
  useEffect,
  useRef,
  useState,
  type ReactNode,
  type RefObject,
} from "react";
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

type Refusal = { readonly words: string; readonly field: string | undefined };

type Props = {
  action: (before: never, form: FormData) => Promise<ActionState>;
  /** Names of the fields that say their own refusals; anything else is said above the form. */
  fields?: readonly string[];
  /** What would be refused is said before anything is sent. The server asks the same rule again. */
  judge?: (form: FormData) => Refusal | null;
  className?: string;
  children: ReactNode;
};

/** A form that keeps what was typed when it is refused, and says the refusal where it belongs. Works without scripts. */
export function ActionForm({ action, fields = [], judge, className = "", children }: Props) {
  const [answer, send] = useActionState(action as (before: ActionState, form: FormData) => Promise<ActionState>, {
    kind: "untouched",
  });
  const [unsent, setUnsent] = useState<{ refusal: ActionState; after: ActionState } | null>(null);
  // A refusal from here stands only until the server has said something newer.
  const state = unsent?.after === answer ? unsent.refusal : answer;
  const form = useRef<HTMLFormElement>(null);
  useFocusOnRefusal(form, state.kind === "refused" ? state : null);
  useFocusKept();

  const isGeneral = state.kind === "refused" && !(state.field && fields.includes(state.field));
  return (
    <form
      ref={form}
      action={send}
      noValidate={judge !== undefined}
      className={className}
      onSubmit={(event) => {
        const refused = judge?.(new FormData(event.currentTarget)) ?? null;
        setUnsent(refused ? { refusal: { kind: "refused", ...refused, values: {} }, after: answer } : null);
        if (refused) event.preventDefault();
      }}
    >
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

/** Brings people to the field that a new refusal is about. */
function useFocusOnRefusal(form: RefObject<HTMLFormElement | null>, refusal: object | null): void {
  useEffect(() => {
    if (refusal) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [form, refusal]);
}

/** A form that goes away once it has done its work takes the focus with it; the page gets it then, not its very top. */
function useFocusKept(): void {
  useEffect(
    () => () => {
      if (document.activeElement === document.body) document.getElementById("main")?.focus({ preventScroll: true });
    },
    [],
  );
}

type SubmitProps = { tone?: Tone; children: ReactNode; className?: string; name?: string; value?: string };

/** Moves while what it sent is under way, and does not send it twice. */
export function SubmitButton({ tone = "primary", children, ...rest }: SubmitProps) {
  const { pending, data } = useFormStatus();
  const isSending = pending && (rest.name === undefined || data.get(rest.name) === rest.value);
  return (
    <Button
      type="submit"
      tone={tone}
      aria-disabled={pending}
      onClick={(event) => {
        if (pending) event.preventDefault();
      }}
      {...rest}
    >
      {isSending ? <LoaderCircle aria-hidden className="size-4 animate-spin" /> : null}
      {children}
    </Button>
  );
}
