import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { PinnedVersion } from "#components/pinned-version.tsx";
import { ROLE_FORM_FIELDS } from "#components/role-form-fields.ts";
import { RoleFields } from "#components/role-form.tsx";
import { ActionForm, SubmitButton } from "#components/ui/action-form.tsx";
import { Field } from "#components/ui/field.tsx";
import { PageHeader } from "#components/ui/page.tsx";
import { kindChoices } from "#lib/domain/kind-choices.ts";
import { groupsForRoles } from "#lib/queries/groups-for-roles.ts";
import { previewPublication } from "#lib/queries/preview-publication.ts";
import { roleSeenBy } from "#lib/queries/role-seen-by.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { publishRoleAction } from "../../actions.ts";
import { EffectPreview } from "./effect-preview.tsx";
import { Effect } from "./effect.tsx";

export const metadata: Metadata = { title: "Edit role" };

export default async function EditRolePage({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  const viewer = await requireViewer(`/roles/${slug}/edit`);
  const db = webDb();
  const role = await roleSeenBy(viewer, slug, { db });
  if (!role?.mayEdit) notFound();
  const [groups, untouched] = await Promise.all([
    groupsForRoles(viewer, { db }),
    previewPublication(viewer, slug, role, { db }),
  ]);
  const named = [...new Set([role.ownerGroup, role.requesterGroup, ...groups])].sort();
  return (
    <>
      <PageHeader
        back={{ href: `/roles/${slug}`, label: role.name }}
        title={`Edit ${role.name}`}
        lead="Publishing makes a new version and keeps the old ones. What live grants lose they lose at once; what is added counts for new requests only."
      />
      <ActionForm
        action={publishRoleAction}
        fields={[...ROLE_FORM_FIELDS, "reason"]}
        className="grid items-start gap-6 xl:grid-cols-[minmax(0,1.2fr)_minmax(0,1fr)]"
      >
        <div className="card p-5">
          <input type="hidden" name="slug" value={slug} />
          <RoleFields values={{ ...role, lines: role.entitlements }} groups={named} kinds={kindChoices()} />
        </div>
        <div className="card grid gap-6 border-accent/50 p-5 xl:sticky xl:top-6">
          <PinnedVersion current={role.version} publishedBy={role.publishedBy ?? "Somebody"} />
          <EffectPreview slug={slug} version={role.version}>
            {untouched ? <Effect preview={untouched} /> : null}
          </EffectPreview>
          <Field name="reason" label="Why" required maxLength={1_000} hint="The history keeps it." />
          <SubmitButton className="justify-self-start px-6">Publish version {role.version + 1}</SubmitButton>
        </div>
      </ActionForm>
    </>
  );
}
