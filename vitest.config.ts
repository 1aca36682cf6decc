import { defineConfig } from "vitest/config";

const alias = { "server-only": new URL("lib/web/testing/nothing.ts", import.meta.url).pathname };

export default defineConfig({
  test: {
    // All cores: left to itself it keeps one free, which is half of a small machine.
    maxWorkers: "100%",
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          include: [
            "lib/**/*.test.ts",
            "app/**/*.test.ts",
            "components/**/*.test.ts",
            "sandbox/**/*.test.ts",
            "scripts/**/*.test.ts",
          ],
          globalSetup: ["lib/db/testing/cluster.ts"],
          hookTimeout: 60_000,
          testTimeout: 30_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "e2e",
          include: ["e2e/**/*.test.ts"],
          fileParallelism: false,
          hookTimeout: 600_000,
          testTimeout: 300_000,
        },
      },
    ],
  },
});
