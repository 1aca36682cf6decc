import { momentIn } from "#lib/domain/zone.ts";
import { FILTER_NAMES, readSearch, type ReadSearch } from "#lib/web/history-search.ts";

type Sent = Readonly<Record<string, string | string[] | undefined>>;

/**
 * The filters that the address bar says. What a form says of times is meant in the viewer's zone; `isExact` tells whether
 * the address means the same for everybody, and says nothing that is empty.
 */
export function readAddress(sent: Sent, zone: string): ReadSearch & { readonly isExact: boolean } {
  const exact = { ...sent, since: instant(sent.since, zone), until: instant(sent.until, zone) };
  const isExact = FILTER_NAMES.every((name) => sent[name] !== "" && sent[name] === exact[name as keyof typeof exact]);
  return { ...readSearch(exact), isExact };
}

function instant(said: string | string[] | undefined, zone: string): string | string[] | undefined {
  return typeof said === "string" ? (momentIn(said, zone)?.toISOString() ?? said) : said;
}
