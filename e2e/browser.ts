import { chromium, type Browser } from "playwright-core";

/** Chromium from the npm registry. It brings its own libraries, and unpacks them only where it believes to be on Lambda. */
export async function launchBrowser(): Promise<Browser> {
  process.env.AWS_EXECUTION_ENV ??= "AWS_Lambda_nodejs22.x";
  const { default: packed } = await import("@sparticuz/chromium");
  const options = {
    executablePath: await packed.executablePath(),
    // Not the package's own list: its single process mixes up the cookies of several people.
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"],
  };
  // On a busy machine a start may end at once, before Daypass was asked for anything. The second has to go well.
  return chromium.launch(options).catch(() => chromium.launch(options));
}
