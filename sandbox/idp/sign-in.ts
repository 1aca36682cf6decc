import type { HttpBindings } from "@hono/node-server";
import { Hono, type Context } from "hono";
import type { Provider } from "oidc-provider";
import { z } from "zod";
import { escapeHtml, page } from "../page.ts";
import type { Person } from "../people.ts";
import type { World } from "../world.ts";

type Env = { Bindings: HttpBindings };

const OURS = "Sandbox identity provider";

/** Nobody wants to scroll through the thousand people of a benchmark; they sign in by posting their user name. */
const SHOWN = 12;

/** The identity provider's own pages: who are you today, and switching an account off or on. */
export function signInRoutes(world: World, provider: Provider): Hono<Env> {
  const app = new Hono<Env>();
  const ask = (call: Context<Env>) => provider.interactionDetails(call.env.incoming, call.env.outgoing);

  app.get("/idp/sign-in/:uid", async (call) => {
    const interaction = await ask(call).catch(() => null);
    if (interaction === null) return call.html(expiredPage(), 400);
    return call.html(chooserPage(world, interaction.uid));
  });

  app.post("/idp/sign-in/:uid", async (call) => {
    const interaction = await ask(call).catch(() => null);
    if (interaction === null) return call.html(expiredPage(), 400);
    const { person: username } = await call.req.parseBody();
    const person = typeof username === "string" ? world.people.get(username) : undefined;
    if (person === undefined) return call.html(chooserPage(world, interaction.uid), 400);
    if (!person.active) return call.html(refusedPage(person, interaction.uid), 403);

    const result = { login: { accountId: person.subject } };
    return call.redirect(await provider.interactionResult(call.env.incoming, call.env.outgoing, result), 303);
  });

  app.post("/idp/_people/:username", async (call) => {
    const person = world.people.get(call.req.param("username"));
    if (person === undefined) return call.json({ error: "There is nobody with this user name." }, 404);
    const change = z.strictObject({ active: z.boolean() }).safeParse(await call.req.json().catch(() => null));
    if (!change.success) return call.json({ error: 'Send {"active": true} or {"active": false}.' }, 400);
    person.active = change.data.active;
    return call.json(person);
  });

  return app;
}

function chooserPage(world: World, uid: string): string {
  const people = [...world.people.values()].slice(0, SHOWN);
  return page({
    of: OURS,
    title: "Who are you today?",
    lead: "Choose a person to sign in to Daypass as. There is no password.",
    body: `<form method="post" action="/idp/sign-in/${encodeURIComponent(uid)}"><ul>${people.map(button).join("")}</ul></form>`,
  });
}

function button({ username, name, email, about, active }: Person): string {
  const initials = name
    .split(" ")
    .map((part) => part.charAt(0))
    .join("");
  const off = active ? "" : " · deactivated";
  return `<li><button class="person" name="person" value="${escapeHtml(username)}">
<span class="face" aria-hidden="true">${escapeHtml(initials)}</span>
<span><strong>${escapeHtml(name)}</strong><small>${escapeHtml(email)}</small><small>${escapeHtml(about)}${off}</small></span>
</button></li>`;
}

function refusedPage({ name }: Person, uid: string): string {
  return page({
    of: OURS,
    title: "This account is deactivated",
    lead: `${name} cannot sign in any more.`,
    body: `<p><a href="/idp/sign-in/${encodeURIComponent(uid)}">Choose somebody else</a></p>`,
  });
}

function expiredPage(): string {
  return page({
    of: OURS,
    title: "This sign-in has run out",
    lead: "It was finished already, or it waited too long.",
    body: "<p>Go back to Daypass and start again.</p>",
  });
}
