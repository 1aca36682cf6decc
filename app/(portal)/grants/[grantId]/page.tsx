import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { GrantStateBadge } from "#components/grant-state.tsx";
import { ProviderMark } from "#components/provider-mark.tsx";
import { Thread } from "#components/thread.tsx";
import { Time } from "#components/time.tsx";
import { ActionForm, SubmitButton } from "#components/ui/action-form.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Facts, PageHeader, Section } from "#components/ui/page.tsx";
import type { Seen } from "#lib/domain/binding.ts";
import { durationWords, levelWords, placeWords } from "#lib/domain/words.ts";
import { grantSeenBy, type BindingDetail, type GrantDetail, type ReceiptRow } from "#lib/queries/grant-seen-by.ts";
import { historySeenBy } from "#lib/queries/history-seen-by.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { releaseGrantAction, revokeGrantAction } from "../actions.ts";

export const metadata: Metadata = { title: "Grant" };

type Props = { params: Promise<{ grantId: string }> };

export default async function GrantPage({ params }: Props) {
  const { grantId } = await params;
  const viewer = await requireViewer(`/grants/${grantId}`);
  const grant = await grantSeenBy(viewer, grantId, { db: webDb() });
  if (!grant) notFound();
  const story = await historySeenBy(viewer, { grant: grantId, limit: 100 }, { db: webDb() });
  const isMine = grant.personId === viewer.personId;
  return (
    <>
      <PageHeader
        title={isMine ? grant.roleName : `${grant.roleName} for ${grant.personName}`}
        lead={<GrantStateBadge grant={grant} now={grant.now} />}
        actions={
          grant.mayRelease ? (
            <ActionForm action={releaseGrantAction}>
              <input type="hidden" name="grantId" value={grant.id} />
              <SubmitButton tone="secondary">I’m done</SubmitButton>
            </ActionForm>
          ) : undefined
        }
      />
      <Troubles grant={grant} />
      <div className="card mt-4 p-5">
        <Facts
          items={[
            ["Why", grant.justification],
            ["Approved by", grant.approvers.join(", ")],
            ["Length", durationWords(grant.minutes)],
            ...(grant.activeAt
              ? [["In place since", <Time key="active" at={grant.activeAt} style="second" />] as const]
              : []),
            [grant.closedAt ? "Was to end" : "Ends", <Time key="ends" at={grant.endsAt} style="second" />],
            ...(grant.endReason
              ? [
                  [
                    "Ended because",
                    `${grant.endReason}${grant.revokedBy && !isMine ? ` (${grant.revokedBy})` : ""}`,
                  ] as const,
                ]
              : []),
            ...(grant.closedAt
              ? [["Proved gone", <Time key="closed" at={grant.closedAt} style="second" />] as const]
              : []),
            [
              "Request",
              <Link key="request" href={`/requests/${grant.requestId}`} prefetch={false} className="link">
                From asked to gone
              </Link>,
            ],
          ]}
        />
      </div>
      <Section title="Where it takes effect">
        <div className="grid gap-4">
          {grant.bindings.map((binding) => (
            <Binding key={binding.id} binding={binding} grant={grant} />
          ))}
        </div>
      </Section>
      <Section title="Receipts" aside="What was asked of the provider, its own answer, and what was read back.">
        <Receipts grant={grant} />
      </Section>
      {grant.mayRevoke ? (
        <Section title="Take it back">
          <div className="card p-5">
            <ActionForm action={revokeGrantAction} fields={["reason"]} className="grid gap-4">
              <input type="hidden" name="grantId" value={grant.id} />
              <Field name="reason" label="Why" required maxLength={1_000} hint={`${grant.personName} sees this.`} />
              <SubmitButton tone="danger" className="justify-self-start">
                Revoke
              </SubmitButton>
            </ActionForm>
          </div>
        </Section>
      ) : null}
      <Section title="What happened">
        <Thread entries={story.toReversed()} />
      </Section>
    </>
  );
}

function Troubles({ grant }: { grant: GrantDetail }) {
  if (grant.state === "ACTIVATION_FAILED" && grant.failure)
    return (
      <Notice tone="bad">
        It could not be set up: {grant.failure}.{" "}
        {grant.closedAt ? "Nothing of it is left." : "What was set up is being removed."}
      </Notice>
    );
  const waiting = grant.closedAt === null ? grant.bindings.filter((binding) => binding.lastError) : [];
  if (waiting.length === 0) return null;
  return (
    <Notice tone="wait">
      {waiting.map((binding) => (
        <p key={binding.id}>
          {placeWords(binding)}: {binding.lastError}. Try {binding.tries + 1} comes by itself
          {binding.dueAt ? (
            <>
              {" "}
              at <Time at={binding.dueAt} style="second" />
            </>
          ) : null}
          .
        </p>
      ))}
    </Notice>
  );
}

function Binding({ binding, grant }: { binding: BindingDetail; grant: GrantDetail }) {
  return (
    <section className="card p-5" aria-label={placeWords(binding)}>
      <h3 className="mb-3 flex items-center gap-2 font-semibold">
        <ProviderMark kind={binding.kind} />
        <span className="min-w-0 break-words">{placeWords(binding)}</span>
      </h3>
      <Facts
        items={[
          ["Account", binding.account ?? "none any more"],
          ["Wanted", wantedWords(binding, grant)],
          [
            "Seen",
            binding.seenAt ? <SeenAt key="seen" seen={binding.seen} at={binding.seenAt} /> : "Not looked at yet",
          ],
          [
            "Before us",
            binding.baseline ? seenWords(binding.baseline) : grant.closedAt ? "Put back as it was" : "Not recorded yet",
          ],
          ...(binding.drift
            ? [
                [
                  "Changed by hand",
                  <span key="drift" className="font-medium text-wait">
                    {binding.drift.replaceAll("-", " ")}
                  </span>,
                ] as const,
              ]
            : []),
          ...(binding.otherGrants > 0
            ? [
                [
                  "Also wanted by",
                  `${binding.otherGrants} other ${binding.otherGrants === 1 ? "grant" : "grants"}`,
                ] as const,
              ]
            : []),
          ["End-stops", <EndStops key="stops" binding={binding} grant={grant} />],
        ]}
      />
    </section>
  );
}

function wantedWords(binding: BindingDetail, grant: GrantDetail): string {
  if (binding.goneAt) return "Nothing any more";
  if (binding.level === null) return "Nothing: the role no longer gives it";
  const over = ["ENDING", "REVOKING", "ACTIVATION_FAILED", "ENDED", "REVOKED"].includes(grant.state);
  return over ? "Nothing any more" : levelWords(binding.level);
}

function seenWords(seen: Seen): string {
  if (seen.state === "absent") return "Nothing";
  return seen.until ? `${levelWords(seen.level)} until ${seen.until}` : `${levelWords(seen.level)}, no expiry`;
}

function SeenAt({ seen, at }: { seen: Seen | null; at: Date }) {
  return (
    <>
      {seen ? seenWords(seen) : "Nothing"} <span className="text-muted">at</span> <Time at={at} style="second" />
    </>
  );
}

function EndStops({ binding, grant }: { binding: BindingDetail; grant: GrantDetail }) {
  const native = binding.seen?.state === "present" ? binding.seen.until : null;
  const stops: [string, ReactNode][] = [
    [
      "Worker",
      binding.goneAt ? (
        "done, looked and gone"
      ) : (
        <>
          removes it at <Time at={grant.endsAt} style="second" />
        </>
      ),
    ],
    ["Provider’s own expiry", nativeWords(binding, native)],
    ["Session cut", "not applicable"],
  ];
  return (
    <ul className="grid gap-0.5">
      {stops.map(([name, state]) => (
        <li key={name}>
          {name}: <span className="text-muted">{state}</span>
        </li>
      ))}
    </ul>
  );
}

function nativeWords({ kind, goneAt }: BindingDetail, until: string | null): string {
  if (kind === "aws-iam-group") return "AWS has none for group members";
  if (goneAt) return "not needed any more";
  return until ? `set to ${until}` : "not set yet";
}

function Receipts({ grant }: { grant: GrantDetail }) {
  if (grant.receipts.length === 0) return <p className="text-muted">Nothing was written at a provider yet.</p>;
  const places = new Map(grant.bindings.map((binding) => [binding.id, placeWords(binding)]));
  return (
    <ul className="card rows">
      {grant.receipts.map((receipt) => (
        <li key={receipt.id} className="grid gap-x-4 px-4 py-2.5 sm:grid-cols-[5.5rem_1fr]">
          <span className="text-sm text-muted">
            <Time at={receipt.at} style="second" withDay={false} />
          </span>
          <div className="min-w-0 break-words">
            {RECEIPT[receipt.action]} {places.get(receipt.bindingId)}: {seenWords(receipt.asked)}
            <p className="text-sm text-muted">
              Answer {receipt.answer.status}, {receipt.answer.words}. Read back: {seenWords(receipt.readBack)}.
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}

const RECEIPT: Record<ReceiptRow["action"], string> = { apply: "Set", remove: "Removed from", restore: "Put back at" };
