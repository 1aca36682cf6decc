"use server";

import type { ReactNode } from "react";
import { Notice } from "#components/ui/notice.tsx";
import { Refused } from "#lib/domain/refusals.ts";
import { judgeRoleSpec } from "#lib/domain/role.ts";
import { previewTyped } from "#lib/queries/preview-publication.ts";
import { formFields } from "#lib/web/action.ts";
import { webDb } from "#lib/web/db.ts";
import { REFUSALS, wordsOf } from "#lib/web/refusal-words.ts";
import { roleForm, specFields } from "#lib/web/role-form.ts";
import { specOf } from "#lib/web/role-spec.ts";
import { requireViewer } from "#lib/web/session.ts";
import { Effect } from "./effect.tsx";

/** What publishing the form as it stands would do. Changes nothing. */
export async function previewRoleAction(slug: string, form: FormData): Promise<ReactNode> {
  const viewer = await requireViewer();
  const parsed = roleForm.safeParse(formFields(form));
  if (!parsed.success || typeof slug !== "string") return <Notice tone="bad">The form is not complete.</Notice>;
  try {
    const spec = await specOf(specFields(parsed.data), webDb());
    const verdict = judgeRoleSpec(spec);
    if (!verdict.allowed) return <Notice tone="bad">{REFUSALS[verdict.code].words}</Notice>;
    const preview = await previewTyped(viewer, slug, spec, { db: webDb() });
    if (!preview) return <Notice tone="bad">{REFUSALS["role-unknown"].words}</Notice>;
    return <Effect preview={preview} />;
  } catch (error) {
    if (error instanceof Refused) return <Notice tone="bad">{wordsOf(error)}</Notice>;
    throw error;
  }
}
