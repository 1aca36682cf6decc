import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { ActionForm, SubmitButton } from "#components/ui/action-form.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PageHeader } from "#components/ui/page.tsx";
import { fourEyesState } from "#lib/queries/four-eyes-state.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { switchFourEyesAction } from "../actions.ts";

export const metadata: Metadata = { title: "Four eyes" };

export default async function FourEyesPage() {
  const viewer = await requireViewer("/settings/four-eyes");
  const state = await fourEyesState(viewer, { db: webDb() });
  if (!state) notFound();
  const { needed, waitingId, maySwitch } = state;
  return (
    <>
      <PageHeader
        title="Four eyes"
        lead="Whether a role that would give more waits for a second owner or admin: a higher level, one more place, a longer time, other people who may ask, fewer approvals. What gives less is in force at once either way."
      />
      <div className="card grid max-w-3xl gap-5 p-5">
        <p className="font-medium">
          {needed ? "On: what gives more waits for a second person." : "Off: what gives more is in force at once."}
        </p>
        {waitingId ? (
          <Notice tone="wait">
            Switching it off waits for a second admin.{" "}
            <Link href={`/widenings/${waitingId}`} prefetch={false} className="link">
              Look at the proposal
            </Link>
          </Notice>
        ) : null}
        {maySwitch ? <Switch needed={needed} /> : null}
      </div>
    </>
  );
}

function Switch({ needed }: { needed: boolean }) {
  return (
    <ActionForm action={switchFourEyesAction} fields={["reason"]} className="grid gap-4 border-t border-line pt-5">
      <input type="hidden" name="needed" value={needed ? "no" : "yes"} />
      <Field name="reason" label="Why" required maxLength={1_000} hint="The history keeps it." />
      <SubmitButton tone={needed ? "danger" : "primary"} className="justify-self-start">
        {needed ? "Propose to switch it off" : "Switch it on"}
      </SubmitButton>
    </ActionForm>
  );
}
