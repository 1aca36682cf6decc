import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { z } from "zod";
import { Time } from "#components/time.tsx";
import { ActionForm, SubmitButton } from "#components/ui/action-form.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Facts, PageHeader } from "#components/ui/page.tsx";
import { RETENTION_DAYS_MAX, RETENTION_DAYS_MIN, judgeRetention, redactsMore } from "#lib/domain/retention.ts";
import {
  retentionPreview,
  retentionState,
  type RetentionPreview,
  type RetentionState,
} from "#lib/queries/retention.ts";
import { webDb } from "#lib/web/db.ts";
import { REFUSALS } from "#lib/web/refusal-words.ts";
import { requireViewer } from "#lib/web/session.ts";
import { setRetentionAction } from "../actions.ts";

export const metadata: Metadata = { title: "Retention" };

const query = z.object({ days: z.coerce.number().optional().catch(Number.NaN) });

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function RetentionPage({ searchParams }: Props) {
  const viewer = await requireViewer("/settings/retention");
  const { days } = query.parse(await searchParams);
  const state = await retentionState(viewer, { db: webDb() });
  if (!state) notFound();
  return (
    <>
      <PageHeader
        title="Retention"
        lead="The history is kept for ever. A policy can take the personal fields out of what has been over for long enough: the names of people and of their accounts, and the reasons that people gave. What happened, when, to which role and place, and the ids stay, and the history still proves itself. The directory stays as it is: a page that says who somebody is today still names them."
      />
      <div className="grid max-w-3xl gap-5">
        <section className="card grid gap-5 p-5" aria-label="The policy">
          <p className="font-medium">{policyWords(state.days)}</p>
          {state.waitingId ? (
            <Notice tone="wait">
              Redacting more waits for a second admin.{" "}
              <Link href={`/widenings/${state.waitingId}`} prefetch={false} className="link">
                Look at the proposal
              </Link>
            </Notice>
          ) : null}
          <LastRun run={state.lastRun} />
          {state.maySet ? <Ask state={state} days={days} /> : null}
        </section>
        {days === undefined ? null : <Preview state={state} days={days} viewer={viewer} />}
        {state.maySet && state.days !== null ? <KeepForEver basis={state.basis} /> : null}
      </div>
    </>
  );
}

function policyWords(days: number | null): string {
  return days === null
    ? "Personal fields are kept for ever."
    : `Personal fields are redacted ${days.toLocaleString("en")} days after what they belong to was over.`;
}

function LastRun({ run }: { run: RetentionState["lastRun"] }) {
  if (!run) return null;
  return (
    <p className="text-sm text-muted">
      The last run began <Time at={run.at} style="day" />:{" "}
      <Link href={`/history/${run.seq}`} prefetch={false} className="link">
        {run.entries.toLocaleString("en")} {run.entries === 1 ? "change" : "changes"}
      </Link>
      {run.isDone ? "." : ", and goes on."}
    </p>
  );
}

function Ask({ state, days }: { state: RetentionState; days: number | undefined }) {
  return (
    <form className="flex flex-wrap items-end gap-3 border-t border-line pt-5">
      <label className="grid gap-1.5 font-medium">
        Redact after how many days
        <input
          className="input w-40"
          name="days"
          type="number"
          min={RETENTION_DAYS_MIN}
          max={RETENTION_DAYS_MAX}
          required
          defaultValue={Number.isFinite(days) ? days : (state.days ?? 365)}
        />
      </label>
      <Button type="submit">Show what it would redact</Button>
    </form>
  );
}

type PreviewProps = { state: RetentionState; days: number; viewer: Awaited<ReturnType<typeof requireViewer>> };

async function Preview({ state, days, viewer }: PreviewProps) {
  if (!judgeRetention(days).allowed) return <Notice tone="bad">{REFUSALS["retention-days-invalid"].words}</Notice>;
  const preview = await retentionPreview(viewer, days, { db: webDb() });
  if (!preview) return null;
  const isMore = redactsMore(state.days, days);
  return (
    <section className="card grid gap-5 p-5" aria-label="Preview">
      <h2>What redacting after {days.toLocaleString("en")} days would do now</h2>
      <Facts items={factsOf(preview)} />
      {state.maySet && days !== state.days ? (
        <ActionForm action={setRetentionAction} fields={["reason"]} className="grid gap-4 border-t border-line pt-5">
          {isMore ? (
            <Notice tone="bad">
              This cannot be undone: what is redacted is gone for good, for everybody. Copies that were exported, mailed
              or forwarded before, and backups, are not reached.
            </Notice>
          ) : null}
          <input type="hidden" name="days" value={days} />
          <input type="hidden" name="basis" value={state.basis} />
          <Field
            name="reason"
            label="Why"
            required
            maxLength={1_000}
            hint="The history keeps it, as long as any reason."
          />
          <SubmitButton tone={isMore ? "danger" : "primary"} className="justify-self-start">
            {isMore && state.needsSecond ? `Propose to redact after ${days} days` : `Redact after ${days} days`}
          </SubmitButton>
        </ActionForm>
      ) : null}
    </section>
  );
}

function factsOf({ entries, from, to, kept, unsalted }: RetentionPreview): (readonly [string, ReactNode])[] {
  return [
    ["Changes that lose names and reasons", entries.toLocaleString("en")],
    ...(from && to
      ? [
          ["From", <Time key="from" at={from} style="day" />] as const,
          ["To", <Time key="to" at={to} style="day" />] as const,
        ]
      : []),
    ["As old, but not over", `${kept.toLocaleString("en")}; they follow when they are`],
    ...(unsalted > 0
      ? [["Too old to be redacted", `${unsalted.toLocaleString("en")}, written before Daypass could`] as const]
      : []),
  ];
}

function KeepForEver({ basis }: { basis: string }) {
  return (
    <section className="card p-5" aria-label="Keep for ever">
      <ActionForm action={setRetentionAction} fields={["reason"]} className="grid gap-4">
        <p>Stop redacting. What is redacted already stays so.</p>
        <input type="hidden" name="days" value="for-ever" />
        <input type="hidden" name="basis" value={basis} />
        <Field name="reason" label="Why" required maxLength={1_000} />
        <SubmitButton tone="secondary" className="justify-self-start">
          Keep for ever from now on
        </SubmitButton>
      </ActionForm>
    </section>
  );
}
