import type { Entitlement } from "#lib/domain/entitlement.ts";
import { actionWords } from "#lib/domain/words.ts";
import { ProviderMark } from "./provider-mark.tsx";

type Props = {
  entitlements: readonly Entitlement[];
  /** Who the person is at each connection. */
  accounts: Readonly<Record<string, string>>;
  /** The date after which GitLab itself removes the membership. */
  backstop: string;
};

/** Exactly what will be done, place by place. */
export function Plan({ entitlements, accounts, backstop }: Props) {
  return (
    <ul className="rows">
      {entitlements.map((entitlement) => (
        <li key={`${entitlement.kind} ${entitlement.target}`} className="flex gap-2.5 py-2.5 first:pt-0 last:pb-0">
          <span className="mt-0.5">
            <ProviderMark kind={entitlement.kind} />
          </span>
          <div className="min-w-0">
            <p className="break-words">
              {actionWords(entitlement, accounts[entitlement.connection] ?? null)}
              {entitlement.kind.startsWith("gitlab") ? `, backstop date ${backstop}` : ""}
            </p>
            <p className="text-sm text-muted">
              {entitlement.kind.startsWith("gitlab")
                ? "GitLab itself removes it on that date, should Daypass be down."
                : entitlement.kind === "aws-iam-role"
                  ? "AWS itself refuses it after the end."
                  : "AWS has no expiry for group members; Daypass removes it and looks again."}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}
