import { defineConfig } from "vitest/config";

/** Folders whose tests need more than Node; `npm run test:NAME` runs one of them. */
const special = ["schemas", "browser"];
const suite = process.env.TEST_SUITE;

export default defineConfig({
  test: {
    include: [suite ? `test/${suite}/**/*.test.ts` : "test/**/*.test.ts"],
    exclude: suite ? [] : special.map((name) => `test/${name}/**`),
    globalSetup: ["test/support/global-setup.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
