import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Differences } from "#components/differences.tsx";
import { Narrowings } from "#components/narrowings.tsx";
import { ActionForm, SubmitButton } from "#components/ui/action-form.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PageHeader } from "#components/ui/page.tsx";
import { WaitingPart } from "#components/waiting-part.tsx";
import { previewRollback } from "#lib/queries/preview-publication.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { rollbackRoleAction } from "../../../../actions.ts";

export const metadata: Metadata = { title: "Roll back" };

export default async function RollbackPage({ params }: { params: Promise<{ slug: string; version: string }> }) {
  const { slug, version } = await params;
  const viewer = await requireViewer(`/roles/${slug}/versions/${version}/rollback`);
  const preview = await previewRollback(viewer, slug, Number(version), { db: webDb() });
  if (!preview) notFound();
  const { role, differences, waiting, expectedVersion } = preview;
  const isNothing = differences.length + waiting.length === 0;
  return (
    <>
      <PageHeader
        back={{ href: `/roles/${slug}/versions`, label: "Versions" }}
        title={`Roll ${role.name} back to version ${version}`}
        lead={`Version ${expectedVersion} is in force. This makes version ${expectedVersion + 1}, which says what version ${version} said.`}
      />
      <div className="grid max-w-4xl gap-5">
        <section className="card p-5">
          <h2 className="mb-3">What will be different in the role</h2>
          <Differences
            items={differences}
            empty={isNothing ? "Nothing: both versions say the same." : "Nothing at once."}
          />
        </section>
        {waiting.length > 0 ? (
          <section className="card p-5">
            <h2 className="mb-3">What waits for a second person</h2>
            <WaitingPart items={waiting} />
          </section>
        ) : null}
        <section className="card p-5">
          <h2 className="mb-3">What it means for people who have it now</h2>
          <Narrowings preview={preview} />
        </section>
        {isNothing ? (
          <Notice tone="info">There is nothing to roll back.</Notice>
        ) : (
          <section className="card border-accent/50 p-5">
            <ActionForm action={rollbackRoleAction} fields={["reason"]} className="grid gap-4">
              <input type="hidden" name="slug" value={slug} />
              <input type="hidden" name="version" value={version} />
              <input type="hidden" name="expectedVersion" value={expectedVersion} />
              <Field name="reason" label="Why" required maxLength={1_000} defaultValue={`Back to version ${version}`} />
              <SubmitButton className="justify-self-start px-6">Roll back to version {version}</SubmitButton>
            </ActionForm>
          </section>
        )}
      </div>
    </>
  );
}
