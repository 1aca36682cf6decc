/**
 * `npm run bench` measures the main job; `npm run bench history` what becomes of a history that is long; `npm run bench
 * reconcile` ten thousand ends at once and the slow sweep over as many bindings as a large company has.
 */
import { argv } from "node:process";
import { generateClient } from "../scripts/prepare.ts";

const PARTS = { history: "./history.ts", reconcile: "./reconcile.ts" } as const;
const [, , part] = argv;
await generateClient((line) => console.log(`daypass: ${line}`));
await import(part === "history" || part === "reconcile" ? PARTS[part] : "./main.ts");
