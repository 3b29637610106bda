import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Folders whose tests need more than Node; `npm run test:NAME` runs one of them. */
const special = ["schemas", "browser", "snippets"];
const suite = process.env.TEST_SUITE;
const others = special.map((name) => `test/${name}/**`);
const alone = ["test/adapters/*/off.test.ts"];

/** Folders whose tests start processes and wait for them. */
const longest = /\/test\/(bench|cli|db|demo|docs|guarantees|main)\//;

/** Begins with the long files: one that comes last would run on when all the others are done. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ project, moduleId }: TestSpecification) =>
      project.name === "alone" ? 0 : longest.test(moduleId) ? 1 : 2;
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    globalSetup: ["test/support/global-setup.ts"],
    pool: "forks",
    // One more than CI has processors, because there is always a test that waits: for a lease to run out, for a start.
    maxWorkers: suite ? 2 : 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A process takes file after file and loads what they share once: that is a third of the time of the whole run. Only
    // what asks which modules are loaded needs a process that has run nothing else.
    projects: suite
      ? [{ extends: true, test: { name: suite, isolate: false, include: [`test/${suite}/**/*.test.ts`] } }]
      : [
          {
            extends: true,
            test: {
              name: "shared",
              isolate: false,
              include: ["test/**/*.test.ts"],
              exclude: [...others, ...alone],
            },
          },
          { extends: true, test: { name: "alone", include: alone } },
        ],
  },
});
