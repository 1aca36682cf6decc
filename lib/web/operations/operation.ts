import "server-only";
import type { z } from "zod";
import type { Scope } from "../../domain/scope.ts";

/** One operation of the API: what it takes, and what it gives when it did what was asked. */
export type Operation = {
  readonly method: "get" | "post" | "put";
  readonly path: string;
  readonly summary: string;
  readonly scope: Scope | null;
  /** Needs no token. */
  readonly open?: boolean;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
} & (
  | { readonly status: 204 }
  /** A shape with a name. `types`: where it is not JSON. */
  | { readonly status?: 200 | 201; readonly answer: z.ZodType; readonly types?: readonly string[] }
);
