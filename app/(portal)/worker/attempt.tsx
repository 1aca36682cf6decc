import Link from "next/link";
import type { ReactNode } from "react";
import { ProviderMark } from "#components/provider-mark.tsx";
import { Time } from "#components/time.tsx";
import { triesWords } from "#components/tries-words.ts";
import type { PlaceKind } from "#lib/domain/entitlement.ts";

type Tried = {
  readonly kind: PlaceKind;
  readonly tries: number;
  readonly lastError: string | null;
  readonly dueAt: Date | null;
  readonly grantId: string | null;
};

/** Something that the worker tries again and again: what it is, what came of the last try, and when the next one is. */
export function Attempt({ tried, children }: { tried: Tried; children: ReactNode }) {
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 px-4 py-3">
      <div className="flex min-w-0 gap-2.5">
        <span className="mt-0.5">
          <ProviderMark kind={tried.kind} />
        </span>
        <div className="min-w-0">
          <p className="break-words">{children}</p>
          <p className="text-sm break-words text-muted">
            {triesWords(tried)}
            {tried.dueAt ? (
              <>
                {" "}
                Again at <Time at={tried.dueAt} style="second" />.
              </>
            ) : null}
          </p>
        </div>
      </div>
      <Link href={tried.grantId ? `/grants/${tried.grantId}` : "/drift"} prefetch={false} className="link">
        {tried.grantId ? "Open the grant" : "Drift"}
      </Link>
    </li>
  );
}
