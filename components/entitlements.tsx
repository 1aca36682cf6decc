import type { Entitlement } from "#lib/domain/entitlement.ts";
import { entitlementWords } from "#lib/domain/words.ts";
import { ProviderMark } from "./provider-mark.tsx";

type Line = Pick<Entitlement, "kind" | "target" | "level">;

/** What a role gives, one line a place: in words, and the place exactly as the provider writes it. */
export function Entitlements({ lines }: { lines: readonly Line[] }) {
  return (
    <ul className="grid gap-1">
      {lines.map((line) => (
        <li key={`${line.kind} ${line.target}`} className="flex min-w-0 items-start gap-2">
          <span className="mt-0.5">
            <ProviderMark kind={line.kind} />
          </span>
          <span className="min-w-0 break-words">
            {entitlementWords(line).slice(0, -line.target.length)}
            <span className="exact">{line.target}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
