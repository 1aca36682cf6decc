import "server-only";
import { z } from "zod";
import type { RefusalCode } from "../../domain/refusals.ts";
import type { ProblemCode, problemBody } from "../problem.ts";
import { REFUSALS } from "../refusal-words.ts";
import { named, oneOf } from "./answer.ts";

const REFUSAL_CODES = Object.keys(REFUSALS) as [RefusalCode, ...RefusalCode[]];

export const refusalCode = named("RefusalCode", z.enum(REFUSAL_CODES));

const others = oneOf<Exclude<ProblemCode, RefusalCode>>({
  ...{ "bad-json": true, "body-broken-off": true, "body-too-large": true, "if-match-missing": true },
  ...{ "invalid-input": true, "request-in-progress": true, "scope-missing": true, "someone-was-faster": true },
  ...{ "token-invalid": true, "token-missing": true, unexpected: true, "unsupported-content-type": true },
});

/** RFC 9457 problem details, with the refusal's code. */
export const problem = named(
  "Problem",
  z.object({
    ...{ type: z.string(), title: z.string(), status: z.int(), detail: z.string() },
    code: z.union([refusalCode, others]),
    errors: z.array(z.object({ field: z.string(), words: z.string() })).optional(),
  }),
) satisfies z.ZodType<Pick<ReturnType<typeof problemBody>, "type" | "title" | "status" | "detail" | "code">>;
