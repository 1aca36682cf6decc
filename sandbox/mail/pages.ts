import { Hono } from "hono";
import { escapeHtml, page } from "../page.ts";
import type { World } from "../world.ts";
import type { Message } from "./inbox.ts";

/** Mail is written by whoever asks for access: nothing in it is markup, and only links back to Daypass lead anywhere. */
const NOTHING_ACTIVE =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** `/mail`: the inbox of everybody in the sandbox, `?to=` for one of them; `/mail/{n}`: one message. */
export function mailRoutes(world: World, daypassUrl: string): Hono {
  const app = new Hono();

  app.use("/mail/*", async (call, next) => {
    await next();
    call.header("content-security-policy", NOTHING_ACTIVE);
  });

  app.get("/mail", (call) => {
    const to = call.req.query("to");
    const messages = world.mail.list().filter((message) => to === undefined || message.to.includes(to));
    return call.html(inboxPage(messages, to));
  });

  app.get("/mail/:n{[0-9]+}", (call) => {
    const message = world.mail.find(Number(call.req.param("n")));
    return message ? call.html(messagePage(message, daypassUrl)) : call.html(missingPage(), 404);
  });

  return app;
}

function inboxPage(messages: readonly Message[], to: string | undefined): string {
  const all = to === undefined ? "" : `<p><a href="/mail">Mail of everybody</a></p>`;
  return page({
    title: to === undefined ? "Mail" : `Mail to ${to}`,
    lead: "What Daypass sends here stays here.",
    body:
      messages.length === 0
        ? `${all}<p>No mail yet. Ask for a role as Maya, and Omar is told.</p>`
        : `${all}<ul>${messages.map(row).join("")}</ul>`,
  });
}

function row({ n, at, to, subject }: Message): string {
  return `<li><a class="mail" href="/mail/${n}"><strong>${escapeHtml(subject || "(no subject)")}</strong>
<small>to ${escapeHtml(to.join(", "))} · ${moment(at)}</small></a></li>`;
}

function messagePage({ at, from, to, subject, text, hasHtml }: Message, daypassUrl: string): string {
  const links = to.map((each) => `<a href="/mail?to=${encodeURIComponent(each)}">${escapeHtml(each)}</a>`);
  return page({
    title: subject || "(no subject)",
    lead: moment(at),
    body: `
<dl><dt>To</dt><dd>${links.join(", ")}</dd><dt>From</dt><dd>${escapeHtml(from)}</dd></dl>
<pre class="text">${withLinks(text, daypassUrl)}</pre>
${hasHtml ? `<p class="note">This message has an HTML part too, which is not shown.</p>` : ""}
<p class="note"><a href="/mail">All mail</a></p>`,
  });
}

function missingPage(): string {
  return page({
    title: "No such mail",
    lead: "It was never there, or the sandbox was reset since.",
    body: `<p><a href="/mail">All mail</a></p>`,
  });
}

/** Only addresses of Daypass itself become links. The text is split before it is escaped, so that no entity is cut. */
function withLinks(text: string, daypassUrl: string): string {
  const origin = new URL(daypassUrl).origin;
  const address = new RegExp(`(${origin.replaceAll(/[.*+?^$()[\]{}|\\/]/g, "\\$&")}/[\\w/.-]*)`);
  return text
    .split(address)
    .map((part, index) => {
      const shown = escapeHtml(part);
      return index % 2 === 1 ? `<a href="${shown}">${shown}</a>` : shown;
    })
    .join("");
}

function moment(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
