import type { RequestRow } from "#lib/queries/request-rows.ts";
import { anyOf } from "#lib/domain/words.ts";
import { StateBadge } from "./state-badge.tsx";

const WORDS = {
  APPROVED: "Approved",
  DENIED: "Denied",
  WITHDRAWN: "Withdrawn",
  EXPIRED: "Nobody decided in time",
} as const;

export function RequestStateBadge({ request }: { request: Pick<RequestRow, "state" | "deciders"> }) {
  return (
    <StateBadge state={request.state}>
      {request.state === "PENDING" ? `Waiting for ${anyOf(request.deciders)}` : WORDS[request.state]}
    </StateBadge>
  );
}
