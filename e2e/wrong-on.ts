import axe from "axe-core";
import type { Page } from "playwright-core";

const DESK = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
/** The dark looks have the same words in the same places: only the colours are others. */
const LOOKS = [
  { colorScheme: "light", viewport: DESK },
  { colorScheme: "dark", viewport: DESK, only: ["color-contrast"] },
  { colorScheme: "dark", viewport: PHONE, only: ["color-contrast"] },
  { colorScheme: "light", viewport: PHONE },
] as const;

type Axed = { readonly axe: typeof axe };

/** What is wrong with the page as it is now, in every look: what axe finds, and scrolling sideways. */
export async function wrongOn(page: Page): Promise<string[]> {
  const before = page.viewportSize();
  const { pathname } = new URL(page.url());
  // A button between two colours has the contrast of neither.
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.evaluate(axe.source);
  const found: string[] = [];
  for (const { colorScheme, viewport, ...rules } of LOOKS) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    for (const wrong of [...(await violations(page, "only" in rules ? rules.only : null)), ...(await overflow(page))])
      found.push(`${pathname}, ${colorScheme}, ${viewport.width} px: ${wrong}`);
  }
  if (before) await page.setViewportSize(before);
  return found;
}

async function violations(page: Page, only: readonly string[] | null): Promise<string[]> {
  const options = { resultTypes: ["violations"], ...(only ? { runOnly: [...only] } : {}) } satisfies axe.RunOptions;
  const found = await page.evaluate((options) => (window as unknown as Axed).axe.run(document, options), options);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

async function overflow(page: Page): Promise<string[]> {
  const by = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return by > 0 ? [`scrolls sideways by ${by} px`] : [];
}
