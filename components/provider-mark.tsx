import type { PlaceKind } from "#lib/domain/entitlement.ts";
import { providerOf } from "#lib/domain/entitlement.ts";

/** Two small marks of our own, so that GitLab and AWS are told apart at a glance; the words beside them say which. */
export function ProviderMark({ kind }: { kind: PlaceKind }) {
  const isGitlab = providerOf(kind) === "gitlab";
  return (
    <svg
      viewBox="0 0 20 20"
      aria-hidden
      className={`size-4.5 shrink-0 ${isGitlab ? "text-[#c4501b] dark:text-[#f08a5b]" : "text-[#8a6100] dark:text-[#e6b35c]"}`}
    >
      {isGitlab ? (
        <path
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinecap="round"
          d="M6 6.5v7M6 13c0-3.5 8-2 8-5.5M6 3.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zm0 10a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zm8-9a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3z"
        />
      ) : (
        <path
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinejoin="round"
          d="m10 2.6 6.5 3.7v7.4L10 17.4l-6.5-3.7V6.3zM3.5 6.3 10 10m0 0 6.5-3.7M10 10v7.4"
        />
      )}
    </svg>
  );
}
