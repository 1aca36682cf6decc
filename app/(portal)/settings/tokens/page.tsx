import type { Metadata } from "next";
import { Time } from "#components/time.tsx";
import { ActionForm, SubmitButton } from "#components/ui/action-form.tsx";
import { Field } from "#components/ui/field.tsx";
import { PageHeader, Section } from "#components/ui/page.tsx";
import { SCOPES } from "#lib/domain/scope.ts";
import { seesAll } from "#lib/domain/viewer.ts";
import { myTokens } from "#lib/queries/my-tokens.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";
import { createTokenAction, revokeTokenAction } from "../actions.ts";
import { NewToken } from "./new-token.tsx";

export const metadata: Metadata = { title: "Tokens" };

export default async function TokensPage() {
  const viewer = await requireViewer("/settings/tokens");
  const tokens = await myTokens(viewer, { db: webDb() });
  // Nobody else could use it.
  const scopes = SCOPES.filter((scope) => scope !== "metrics:read" || seesAll(viewer));
  return (
    <>
      <PageHeader
        title="Tokens"
        lead="For the API and the terminal. A token acts as you, within its scopes, until it expires."
      />
      <div className="card p-5">
        <ActionForm action={createTokenAction} fields={["name", "days", "scopes"]} className="grid gap-5">
          <div className="grid gap-5 sm:grid-cols-2">
            <Field name="name" label="Name" required maxLength={80} hint="Where you will use it." />
            <Field name="days" label="Days" inputMode="numeric" defaultValue="30" hint="At most 90." />
          </div>
          <fieldset>
            <legend className="mb-2 font-medium">What it may do</legend>
            <div className="grid gap-2 sm:grid-cols-3">
              {scopes.map((scope) => (
                <label key={scope} className="flex items-center gap-2">
                  <input
                    type="checkbox"
                    name="scopes"
                    value={scope}
                    defaultChecked={scope.endsWith(":read")}
                    className="size-4.5 accent-accent"
                  />
                  <span className="font-mono text-sm">{scope}</span>
                </label>
              ))}
            </div>
          </fieldset>
          <NewToken />
          <SubmitButton className="justify-self-start">Make token</SubmitButton>
        </ActionForm>
      </div>
      <Section title="Your tokens">
        {tokens.length === 0 ? (
          <p className="text-muted">You have none.</p>
        ) : (
          <ul className="card rows">
            {tokens.map((token) => (
              <li key={token.id} className="flex flex-wrap items-center justify-between gap-3 px-4 py-3">
                <div className="min-w-0">
                  <p className="font-medium break-words">{token.name}</p>
                  <p className="text-sm text-muted">
                    {token.scopes.join(", ")} · until <Time at={token.expiresAt} /> ·{" "}
                    {token.lastUsedAt ? (
                      <>
                        used <Time at={token.lastUsedAt} />
                      </>
                    ) : (
                      "never used"
                    )}
                  </p>
                </div>
                <ActionForm action={revokeTokenAction}>
                  <input type="hidden" name="tokenId" value={token.id} />
                  <SubmitButton tone="danger">
                    Revoke<span className="sr-only"> {token.name}</span>
                  </SubmitButton>
                </ActionForm>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </>
  );
}
