import { launchBrowser } from "./browser.ts";
import { buildWeb, generateClient } from "../scripts/prepare.ts";

/** Once for all stories, which are told at the same time. */
export default async function setup(): Promise<void> {
  const log = (line: string) => console.log(`daypass: ${line}`);
  await generateClient(log);
  await buildWeb(log);
  // It is unpacked at its first start, and of two that start at once the second would find half of it.
  await (await launchBrowser()).close();
}
