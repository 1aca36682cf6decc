import { sayStanding } from "./provider-world.ts";
import type { Rows } from "./rows.ts";

/** What the rows say now that they did not say before: the story, what is meant to be, and who may write. */
export function saidBy(before: Rows, after: Rows): string {
  const story = after.changes.filter((change) => change.seq > before.head.seq).map(({ kind }) => kind);
  const places = after.bindings.flatMap((binding) => {
    const was = before.bindings.find(({ id }) => id === binding.id);
    const means = binding.intended && `means ${sayStanding(binding.intended)}`;
    const drift = binding.drift !== (was?.drift ?? null) && `drift ${binding.drift ?? "over"}`;
    const parts = [
      JSON.stringify(binding.intended) !== JSON.stringify(was?.intended ?? null) && (means ?? "means nothing"),
      drift,
    ];
    const said = parts.filter(Boolean).join(", ");
    return said ? [`${binding.target} ${said}`] : [];
  });
  return [...story, ...places].join("; ");
}
