import { launchBrowser } from "./browser.ts";

await (await launchBrowser()).close();
