import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ROLE_FORM_FIELDS } from "#components/role-form-fields.ts";
import { RoleFields } from "#components/role-form.tsx";
import { ActionForm, SubmitButton } from "#components/ui/action-form.tsx";
import { Field } from "#components/ui/field.tsx";
import { PageHeader } from "#components/ui/page.tsx";
import { kindChoices } from "#lib/domain/kind-choices.ts";
import { fourEyesState } from "#lib/queries/four-eyes-state.ts";
import { groupsForRoles } from "#lib/queries/groups-for-roles.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { createRoleAction } from "../actions.ts";

export const metadata: Metadata = { title: "New role" };

export default async function NewRolePage() {
  const viewer = await requireViewer("/roles/new");
  if (!viewer.isAdmin) notFound();
  const [groups, fourEyes] = await Promise.all([
    groupsForRoles(viewer, { db: webDb() }),
    fourEyesState(viewer, { db: webDb() }),
  ]);
  const first = groups[0] ?? "";
  const values = {
    name: "",
    summary: "",
    ownerGroup: first,
    requesterGroup: first,
    approvalsNeeded: 1,
    maxMinutes: 240,
    decideWithinMinutes: 1_440,
  };
  return (
    <>
      <PageHeader
        back={{ href: "/roles", label: "Roles" }}
        title="New role"
        lead="What can be asked for, by whom, and who decides. Groups, never single people."
      />
      <ActionForm
        action={createRoleAction}
        fields={["slug", ...ROLE_FORM_FIELDS, "reason"]}
        className="grid max-w-4xl gap-7"
      >
        <div className="card grid gap-6 p-5">
          <Field
            name="slug"
            label="Short name"
            required
            maxLength={64}
            hint="In addresses and the API; it never changes. Small letters, digits, dashes."
          />
          <RoleFields
            values={{ ...values, lines: [{ kind: "gitlab-group", target: "", level: "guest" }] }}
            groups={groups}
            kinds={kindChoices()}
          />
        </div>
        <div className="card grid gap-4 p-5">
          {fourEyes?.needed ? (
            <p className="text-muted">
              It gives nothing until an owner of its owner group or another admin approved it.
            </p>
          ) : null}
          <Field name="reason" label="Why" required maxLength={1_000} hint="The history keeps it." />
          <SubmitButton className="justify-self-start px-6">Make the role</SubmitButton>
        </div>
      </ActionForm>
    </>
  );
}
