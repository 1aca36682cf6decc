/** `npm run bench` measures the main job; `npm run bench history` what becomes of a history that is long. */
import { argv } from "node:process";

await import(argv[2] === "history" ? "./history.ts" : "./main.ts");
