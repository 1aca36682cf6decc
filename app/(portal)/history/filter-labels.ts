import type { FilterName } from "#lib/web/history-search.ts";

export const FILTER_LABELS: Readonly<Record<FilterName, string>> = {
  q: "Says",
  role: "Role",
  person: "About whom",
  actor: "By whom",
  kind: "What happened",
  outcome: "How it came out",
  provider: "Provider",
  target: "Place",
  since: "From",
  until: "To",
  request: "Request",
  grant: "Grant",
};
