const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

type Page = {
  /** Whose page it is, above the heading. */
  readonly of?: string;
  readonly title: string;
  readonly lead: string;
  /** HTML, already escaped. */
  readonly body: string;
};

/** One plain page for everything the sandbox shows: no script, light and dark, phone and desktop. */
export function page({ of, title, lead, body }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(of === undefined ? title : `${of} · ${title}`)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<header class="banner">Sandbox. Nothing here is real, and nothing leaves this machine.</header>
<main>
${of === undefined ? "" : `<p class="of">${escapeHtml(of)}</p>`}
<h1>${escapeHtml(title)}</h1>
<p class="lead">${escapeHtml(lead)}</p>
${body}
</main>
</body>
</html>
`;
}

const STYLE = `
:root { --ground: #f6f5f3; --card: #fff; --ink: #1d1c1a; --soft: #5f5b55; --line: #d9d5cf; --warm: #8a4b08; --accent: #2f5bd0; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #171614; --card: #22201e; --ink: #f1efec; --soft: #b3aea6; --line: #3a3733; --warm: #f0b070; --accent: #8fb0ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
.banner { margin: 0; padding: .5rem 1rem; text-align: center; font-size: .875rem; color: var(--warm); border-bottom: 1px solid var(--line); }
main { max-width: 34rem; margin: 0 auto; padding: 2rem 1rem 3rem; }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; letter-spacing: -.01em; text-wrap: balance; }
.of { margin: 0; color: var(--soft); font-size: .875rem; }
h2 { margin: 2rem 0 .5rem; font-size: 1.0625rem; }
.lead { margin: .5rem 0 1.5rem; color: var(--soft); }
a { color: var(--accent); }
ul { margin: 0; padding: 0; list-style: none; display: grid; gap: .625rem; }
dl { margin: 0; display: grid; grid-template-columns: max-content 1fr; gap: .375rem 1rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
code { font: .875em ui-monospace, monospace; }
.person {
  display: flex; align-items: center; gap: .875rem; width: 100%; min-height: 4rem; padding: .75rem 1rem; text-align: left;
  font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; cursor: pointer;
}
.person:hover, .mail:hover { border-color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.person .face {
  flex: none; display: grid; place-items: center; width: 2.5rem; height: 2.5rem; border-radius: 50%;
  border: 1px solid var(--line); color: var(--soft); font-weight: 600; font-size: .875rem;
}
.person strong, .person small, .mail strong, .mail small { display: block; }
.person small, .mail small { color: var(--soft); font-size: .875rem; overflow-wrap: anywhere; }
.mail {
  display: block; padding: .75rem 1rem; color: inherit; text-decoration: none; overflow-wrap: anywhere;
  background: var(--card); border: 1px solid var(--line); border-radius: .75rem;
}
.text {
  margin: 1.5rem 0 0; padding: 1rem; white-space: pre-wrap; overflow-wrap: anywhere; font: .875rem/1.6 ui-monospace, monospace;
  background: var(--card); border: 1px solid var(--line); border-radius: .75rem;
}
.note { margin-top: 1.5rem; color: var(--soft); font-size: .875rem; }
`;
