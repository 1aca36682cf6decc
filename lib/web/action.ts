import "server-only";
import { randomUUID } from "node:crypto";
import { revalidatePath } from "next/cache";
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import type { Actor } from "../domain/actor.ts";
import { Conflict, Refused } from "../domain/refusals.ts";
import type { Db } from "../db/client.ts";
import { webDb } from "./db.ts";
import { log } from "./log.ts";
import { CONFLICT_WORDS, wordsOf } from "./refusal-words.ts";
import { actorOf, requireViewer } from "./session.ts";
import { UNKEEPABLE_WORDS, unkeepableField } from "./unkeepable-field.ts";

/** What a form shows after it was sent. On a refusal the words, the field they belong beside, and what was typed. */
export type FormState<T = undefined> =
  | { readonly kind: "untouched" }
  | { readonly kind: "done"; readonly result: T }
  | {
      readonly kind: "refused";
      readonly words: string;
      readonly field: string | undefined;
      readonly values: Readonly<Record<string, string>>;
    };

type Work<S extends z.ZodType, T> = (actor: Actor, input: z.output<S>, context: { db: Db }) => Promise<T>;

/**
 * The only way to make a server action: who is acting, then what they sent, then the use case, then the refusals that it
 * knows. `work` may redirect.
 */
export function action<S extends z.ZodType, T>(schema: S, work: Work<S, T>) {
  return async (_before: FormState<T>, form: FormData): Promise<FormState<T>> => {
    const viewer = await requireViewer();
    const values = valuesOf(form);
    const parsed = schema.safeParse(formFields(form));
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const field = issue?.path[0];
      return {
        kind: "refused",
        words: issue?.message ?? "",
        field: field === undefined ? field : String(field),
        values,
      };
    }
    const unkeepable = unkeepableField(parsed.data);
    if (unkeepable !== null) return { kind: "refused", words: UNKEEPABLE_WORDS, field: unkeepable, values };
    try {
      const result = await work(actorOf(viewer, "web"), parsed.data, { db: webDb() });
      revalidatePath("/", "layout");
      return { kind: "done", result };
    } catch (error) {
      unstable_rethrow(error);
      return { kind: "refused", ...refusalOf(error), values };
    }
  };
}

function refusalOf(error: unknown): { words: string; field: string | undefined } {
  if (error instanceof Refused) return { words: wordsOf(error), field: error.field };
  if (error instanceof Conflict) return { words: CONFLICT_WORDS, field: undefined };
  const reference = randomUUID();
  log().error({ err: error, reference }, "a server action failed");
  return {
    words: `Something went wrong on our side and nothing was changed. What you typed is kept. Reference ${reference}.`,
    field: undefined,
  };
}

/** A form as an object. A field that is there more than once is a list. */
export function formFields(form: FormData): Record<string, unknown> {
  const names = [...new Set(form.keys())].filter((name) => !name.startsWith("$ACTION"));
  return Object.fromEntries(
    names.map((name) => {
      const all = form.getAll(name);
      return [name, all.length > 1 ? all : all[0]];
    }),
  );
}

function valuesOf(form: FormData): Record<string, string> {
  return Object.fromEntries([...form].filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
