import Link from "next/link";
import type { Entitlement } from "#lib/domain/entitlement.ts";
import { entitlementWords } from "#lib/domain/words.ts";
import { placeAddress } from "./place-address.ts";
import { ProviderMark } from "./provider-mark.tsx";

type Line = Pick<Entitlement, "kind" | "target" | "level"> & Partial<Pick<Entitlement, "connection">>;

/**
 * What a role gives, one line a place: in words, and the place exactly as the provider writes it. `linked` leads from each
 * place to its page.
 */
export function Entitlements({ lines, linked = false }: { lines: readonly Line[]; linked?: boolean }) {
  return (
    <ul className="grid gap-1">
      {lines.map((line) => (
        <li key={`${line.kind} ${line.target}`} className="flex min-w-0 items-start gap-2">
          <span className="mt-0.5">
            <ProviderMark kind={line.kind} />
          </span>
          <span className="min-w-0 break-words">
            {entitlementWords(line).slice(0, -line.target.length)}
            <Target line={line} linked={linked} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function Target({ line: { connection, ...place }, linked }: { line: Line; linked: boolean }) {
  if (!linked || connection === undefined) return <span className="exact">{place.target}</span>;
  return (
    <Link href={placeAddress({ connection, ...place })} prefetch={false} className="exact hover:underline">
      {place.target}
    </Link>
  );
}
