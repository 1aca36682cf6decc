import { Hono } from "hono";
import { escapeHtml, page } from "../page.ts";
import type { World } from "../world.ts";
import type { Received } from "./received.ts";

const SHOWN = 100;

/** `/siem`: what arrived, newest first. */
export function siemRoutes(world: World): Hono {
  const app = new Hono();
  app.get("/siem", (call) => {
    call.header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:");
    return call.html(siemPage(world));
  });
  return app;
}

function siemPage(world: World): string {
  const { received, repeated, missing, first, last } = world.siem.summary();
  const newest = world.siem.since(0).slice(-SHOWN).reverse();
  const entries = first === null ? "none" : `${first} to ${String(last)}`;
  return page({
    title: "SIEM",
    lead: "What Daypass forwards as OCSF events stays here.",
    body: `
<dl><dt>Events</dt><dd>${received}</dd><dt>Entries of the history</dt><dd>${entries}</dd>
<dt>Arrived again</dt><dd>${repeated}</dd><dt>Missing</dt><dd>${missing.join(", ") || "none"}</dd></dl>
<h2>Newest</h2>
${newest.length === 0 ? "<p>Nothing yet.</p>" : `<ul>${newest.map(row).join("")}</ul>`}`,
  });
}

function row({ via, event }: Received): string {
  const { message, type_name: type } = event as { message?: unknown; type_name?: unknown };
  return `<li><details class="mail"><summary><strong>${escapeHtml(String(message))}</strong>
<small>${escapeHtml(String(type))} · ${via}</small></summary>
<pre class="text">${escapeHtml(JSON.stringify(event, null, 2))}</pre></details></li>`;
}
