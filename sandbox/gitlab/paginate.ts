import type { Call } from "./context.ts";
import { readInteger } from "./params.ts";
import { badParameters } from "./refusals.ts";

/** Above this many rows GitLab stops counting: no total, no last page. */
const COUNTED = 10_000;

/** Answers one page of `rows` with GitLab's offset headers; only the rows of that page are turned into JSON. */
export function paginate<Row>(call: Call, rows: readonly Row[], toJson: (row: Row) => unknown) {
  const params = call.get("params");
  const page = Math.max(1, readInteger(params, "page") ?? 1);
  const perPage = Math.min(100, readInteger(params, "per_page") ?? 20);
  if (perPage < 1) throw badParameters(["per_page does not have a valid value"]);

  const pages = Math.max(1, Math.ceil(rows.length / perPage));
  const next = page < pages ? page + 1 : null;
  const previous = page > 1 && page <= pages ? page - 1 : null;
  const isCounted = rows.length <= COUNTED;

  call.header("x-page", String(page));
  call.header("x-per-page", String(perPage));
  call.header("x-next-page", String(next ?? ""));
  call.header("x-prev-page", String(previous ?? ""));
  if (isCounted) {
    call.header("x-total", String(rows.length));
    call.header("x-total-pages", String(pages));
  }
  const links: [string, number | null][] = [
    ["prev", previous],
    ["next", next],
    ["first", 1],
    ["last", isCounted ? pages : null],
  ];
  call.header("link", links.flatMap(([rel, to]) => (to === null ? [] : linkTo(call, to, perPage, rel))).join(", "));

  return call.json(rows.slice((page - 1) * perPage, page * perPage).map(toJson));
}

function linkTo(call: Call, page: number, perPage: number, rel: string): string {
  const url = new URL(call.req.url);
  url.searchParams.set("page", String(page));
  url.searchParams.set("per_page", String(perPage));
  return `<${url.href}>; rel="${rel}"`;
}
