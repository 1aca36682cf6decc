import { escapeHtml, page } from "./page.ts";
import type { World } from "./world.ts";

/** `/`: what this is and where to look. */
export function landingPage(world: World, daypassUrl: string): string {
  const people = [...world.people.values()].slice(0, 6);
  const link = (path: string, text = path) => `<a href="${escapeHtml(path)}"><code>${escapeHtml(text)}</code></a>`;
  return page({
    title: "The Daypass sandbox",
    lead: "A small GitLab, AWS, identity provider, mailbox and SIEM to try Daypass against. It forgets everything when it stops.",
    body: `
<h2>People</h2>
<dl>${people.map(({ name, about }) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(about)}</dd>`).join("")}</dl>
<p>They sign in at ${link(daypassUrl)}.</p>
<h2>Inside</h2>
<dl>
<dt>${link("/mail")}</dt><dd>the mail that Daypass sent to them</dd>
<dt>${link("/siem")}</dt><dd>the history that Daypass forwarded, as a SIEM gets it</dd>
<dt>${link("/_state")}</dt><dd>what GitLab, AWS and the mailbox hold now</dd>
<dt>${link("/_log")}</dt><dd>the last calls they received</dd>
<dt>${link("/_clock")}</dt><dd>the sandbox's own time, ${escapeHtml(world.clock.now().toISOString())}</dd>
<dt>${link("/_faults")}</dt><dd>what is going wrong on purpose</dd>
<dt>${link("/idp/.well-known/openid-configuration", "/idp")}</dt><dd>the identity provider</dd>
<dt><code>/gitlab/api/v4</code></dt><dd>GitLab</dd>
<dt><code>/aws</code></dt><dd>AWS</dd>
</dl>`,
  });
}
