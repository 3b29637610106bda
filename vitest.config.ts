import { defineConfig } from "vitest/config";

/** Folders whose tests need more than Node; `npm run test:NAME` runs one of them. */
const special = ["schemas", "browser", "snippets"];
const suite = process.env.TEST_SUITE;
const others = special.map((name) => `test/${name}/**`);
const alone = ["test/adapters/*/off.test.ts"];

export default defineConfig({
  test: {
    globalSetup: ["test/support/global-setup.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A process takes file after file and loads what they share once: that is a third of the time of the whole run. Only
    // what asks which modules are loaded needs a process that has run nothing else.
    projects: suite
      ? [{ extends: true, test: { name: suite, include: [`test/${suite}/**/*.test.ts`] } }]
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
