import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { PageHeader } from "#components/ui/page.tsx";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { choicesIn } from "../../choices.ts";
import { previewOrNull } from "../../preview-or-null.ts";
import { RollbackPreview } from "../../rollback-preview.tsx";

export const metadata: Metadata = { title: "Roll back" };

type Props = {
  params: Promise<{ seq: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function RollbackChangePage({ params, searchParams }: Props) {
  const { seq } = await params;
  const viewer = await requireViewer(`/history/${seq}/rollback`);
  const choices = choicesIn(await searchParams);
  const preview = await previewOrNull(viewer, { kind: "change", seq: Number(seq) }, choices, webDb());
  if (!preview) notFound();
  return (
    <>
      <PageHeader
        back={{ href: `/history/${seq}`, label: `Change ${seq}` }}
        title={`Roll change ${seq} back`}
        lead={`${preview.sentence}. What it changed is set back; what was changed since stays.`}
      />
      <RollbackPreview
        preview={preview}
        choices={choices}
        reason={`Back from change ${seq}`}
        button={`Roll change ${seq} back`}
      />
    </>
  );
}
