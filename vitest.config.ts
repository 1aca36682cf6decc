import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const alias = { "server-only": new URL("lib/web/testing/nothing.ts", import.meta.url).pathname };

/** Some files take minutes; begun last, they would leave a core idle at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => /\/(soak|main-job|simulation-\w)\.test\.ts$/.test(moduleId);
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // All cores: left to itself it keeps one free, which is half of a small machine.
    maxWorkers: "100%",
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          // What a file loads and V8 compiles serves the next one too: together they take half of the time.
          isolate: false,
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
          isolate: false,
          include: ["e2e/**/*.test.ts"],
          globalSetup: ["e2e/prepare.ts"],
          hookTimeout: 600_000,
          testTimeout: 300_000,
        },
      },
    ],
  },
});
