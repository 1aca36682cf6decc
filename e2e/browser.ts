import { chromium, type Browser } from "playwright-core";

/** Chromium from the npm registry. It brings its own libraries, and unpacks them only where it believes to be on Lambda. */
export async function launchBrowser(): Promise<Browser> {
  process.env.AWS_EXECUTION_ENV ??= "AWS_Lambda_nodejs22.x";
  const { default: packed } = await import("@sparticuz/chromium");
  return chromium.launch({
    executablePath: await packed.executablePath(),
    args: [...packed.args.filter((arg) => !arg.startsWith("--headless")), "--no-sandbox", "--disable-gpu"],
    headless: true,
  });
}
