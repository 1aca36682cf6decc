import type { RequestRow } from "#lib/queries/request-rows.ts";
import { StateBadge } from "./state-badge.tsx";
import { requestWords } from "./state-words.ts";

type Props = { request: Pick<RequestRow, "id" | "roleName" | "state" | "deciders">; deniedBy?: string | null };

export function RequestStateBadge({ request, deniedBy = null }: Props) {
  return (
    <StateBadge of={{ id: request.id, name: `Request for ${request.roleName}` }} state={request.state}>
      {requestWords({ ...request, deniedBy })}
    </StateBadge>
  );
}
