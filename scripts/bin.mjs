#!/usr/bin/env node
process.argv.splice(2, 0, "daypass.ts");
await import("./run.mjs");
