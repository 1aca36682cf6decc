import "server-only";
import { historyFilters, type HistoryFilters } from "./history-filters.ts";

export type FilterName = keyof HistoryFilters;
export const FILTER_NAMES = Object.keys(historyFilters.shape) as readonly FilterName[];

/** What the address bar or a form says of the filters, as it says it. */
export type HistorySearch = Readonly<Partial<Record<FilterName, string>>>;

export type ReadSearch = {
  readonly search: HistorySearch;
  /** Null when something in it cannot be; `errors` says what. */
  readonly filters: HistoryFilters | null;
  readonly errors: Readonly<Partial<Record<FilterName, string>>>;
};

type Sent = Readonly<Record<string, unknown>>;

/** Reads the filters out of what was sent; a field that is empty or sent more than once is not there. */
export function readSearch(sent: Sent): ReadSearch {
  const search = searchIn(sent);
  const { success, data, error } = historyFilters.safeParse(search);
  if (success) return { search, filters: data, errors: {} };
  const wrong = (name: FilterName) => error.issues.find(({ path }) => path[0] === name)?.message;
  const errors = FILTER_NAMES.map((name) => [name, wrong(name)] as const).filter(([, words]) => words);
  return { search, filters: null, errors: Object.fromEntries(errors) };
}

export function searchIn(sent: Sent): HistorySearch {
  const said = FILTER_NAMES.flatMap((name) => {
    const value = sent[name];
    const text = typeof value === "string" ? value.trim() : "";
    return text ? [[name, text] as const] : [];
  });
  return Object.fromEntries(said);
}

export function historyAddress(search: HistorySearch, rest: Readonly<Record<string, string>> = {}): string {
  const said = Object.entries({ ...search, ...rest });
  return said.length > 0 ? `/history?${new URLSearchParams(said).toString()}` : "/history";
}
