import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { Time, viewerZone } from "#components/time.tsx";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PageHeader } from "#components/ui/page.tsx";
import { momentIn } from "#lib/domain/zone.ts";
import { pointAt } from "#lib/queries/point-at.ts";
import type { RollbackPreview as Preview } from "#lib/queries/preview-rollback.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { previewOrNull } from "../preview-or-null.ts";
import { RollbackPreview } from "../rollback-preview.tsx";

export const metadata: Metadata = { title: "Roll everything back" };

const query = z.object({
  to: z.coerce.number().int().min(1).optional().catch(undefined),
  at: z.string().max(40).optional().catch(undefined),
});

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function RollbackPointPage({ searchParams }: Props) {
  const viewer = await requireViewer("/history/rollback");
  if (!viewer.isAdmin) notFound();
  const asked = query.parse(await searchParams);
  const seq = await seqOf(asked);
  const preview = seq === null ? null : await previewOrNull(viewer, { kind: "point", seq }, {}, webDb());
  const isAsked = asked.to !== undefined || Boolean(asked.at);
  return (
    <>
      <PageHeader
        back={{ href: "/history", label: "History" }}
        title="Roll everything back"
        lead="All roles, and what else is configured here, go back to how they were at one moment. Grants and people do not: what ended stays ended."
      />
      <Choose at={asked.at ?? ""} />
      {preview ? <Found preview={preview} /> : null}
      {isAsked && !preview ? (
        <Notice tone="bad">The history has no such moment that everything could go back to.</Notice>
      ) : null}
    </>
  );
}

async function seqOf({ to, at }: z.output<typeof query>): Promise<number | null> {
  if (to !== undefined) return to;
  const moment = at ? momentIn(at, await viewerZone()) : null;
  return moment ? pointAt(moment, { db: webDb() }) : null;
}

function Choose({ at }: { at: string }) {
  return (
    <form className="mb-6 flex flex-wrap items-end gap-3">
      <label className="grid gap-1.5 font-medium">
        As it was at
        <input className="input" type="datetime-local" name="at" step="1" required defaultValue={at} />
      </label>
      <Button type="submit">Show what would happen</Button>
    </form>
  );
}

function Found({ preview }: { preview: Preview }) {
  const { seq } = preview.aim;
  return (
    <>
      <p className="mb-5">
        Right after change {seq}, <Time at={preview.at} style="second" />: {preview.sentence}.
      </p>
      <RollbackPreview
        preview={preview}
        choices={{}}
        reason={`Back to change ${seq}`}
        button={`Roll everything back to change ${seq}`}
      />
    </>
  );
}
