import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { RoleFields } from "#components/role-form.tsx";
import { ActionForm, SubmitButton } from "#components/ui/action-form.tsx";
import { Field } from "#components/ui/field.tsx";
import { PageHeader } from "#components/ui/page.tsx";
import { kindChoices } from "#lib/domain/kind-choices.ts";
import { groupsForRoles } from "#lib/queries/groups-for-roles.ts";
import { roleSeenBy } from "#lib/queries/role-seen-by.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { publishRoleAction } from "../../actions.ts";
import { EffectPreview } from "./effect-preview.tsx";

export const metadata: Metadata = { title: "Edit role" };

export default async function EditRolePage({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  const viewer = await requireViewer(`/roles/${slug}/edit`);
  const role = await roleSeenBy(viewer, slug, { db: webDb() });
  if (!role?.mayEdit) notFound();
  const groups = await groupsForRoles({ db: webDb() });
  const next = role.version + 1;
  return (
    <>
      <PageHeader
        back={{ href: `/roles/${slug}`, label: role.name }}
        title={`Edit ${role.name}`}
        lead="Publishing makes a new version. What live grants lose they lose at once; what is added counts for new requests only."
      />
      <ActionForm
        action={publishRoleAction}
        fields={[
          "name",
          "ownerGroup",
          "requesterGroup",
          "maxMinutes",
          "approvalsNeeded",
          "decideWithinMinutes",
          "reason",
        ]}
        className="grid max-w-4xl gap-7"
      >
        <input type="hidden" name="slug" value={slug} />
        <input type="hidden" name="expectedVersion" value={role.version} />
        <div className="card p-5">
          <RoleFields values={{ ...role, lines: role.entitlements }} groups={groups} kinds={kindChoices()} />
        </div>
        <div className="card grid gap-4 border-accent/50 p-5">
          <EffectPreview slug={slug} />
          <Field name="reason" label="Why" required maxLength={1_000} hint="The history keeps it." />
          <SubmitButton className="justify-self-start px-6">Publish version {next}</SubmitButton>
        </div>
      </ActionForm>
    </>
  );
}
