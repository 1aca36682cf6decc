import type { WideningRow } from "#lib/queries/widenings.ts";
import { StateBadge } from "./state-badge.tsx";
import { wideningTitle, wideningWords } from "./state-words.ts";

export function WideningStateBadge({ widening }: { widening: WideningRow }) {
  return (
    <StateBadge of={{ id: widening.id, name: wideningTitle(widening) }} state={widening.state}>
      {wideningWords(widening)}
    </StateBadge>
  );
}
