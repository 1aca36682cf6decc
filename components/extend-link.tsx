import { judgeExtension } from "#lib/domain/grant.ts";
import type { GrantCard } from "#lib/queries/grant-cards.ts";
import { LinkButton } from "./ui/link-button.tsx";

/** Leads the holder to asking for more time, where that would be taken. */
export function ExtendLink({ grant, viewerId }: { grant: GrantCard; viewerId: string }) {
  if (!judgeExtension(grant, viewerId).allowed) return null;
  return <LinkButton href={`/roles/${grant.roleSlug}/request?extends=${grant.id}`}>Extend</LinkButton>;
}
