// The suites that ask for more than Node: `node scripts/suite.mjs NAME [arguments for vitest]`. Exit 2, with what to do,
// where the part that a suite needs is missing.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const shared = path.join(root, "..", "shared", "data");

const suites = {
  /** What the product copied from published sources, and what it publishes, against those sources and schemas. */
  schemas: {
    missing: () =>
      !existsSync(shared) && `This suite reads published data from ${shared}, which is not there.`,
    env: { TEST_SUITE: "schemas" },
    files: () => [],
  },
  /** Every page in a real browser: accessibility, keyboard, narrow screens. */
  browser: {
    missing: () =>
      !existsSync("/usr/bin/chromium") &&
      "This suite drives Debian's chromium, which is not there: apt-get install -y chromium",
    env: { TEST_SUITE: "browser" },
    files: () => [],
  },
  /** The snippets for forums that are not in JavaScript, each run by its own language. */
  snippets: {
    missing: () => {
      const absent = ["php", "ruby"].filter((name) => spawnSync(name, ["--version"]).status !== 0);
      const packages = absent.map((name) => (name === "php" ? "php-cli" : name)).join(" ");
      const line = `apt-get install -y --no-install-recommends ${packages}`;
      return absent.length > 0 && `This suite runs ${absent.join(" and ")}, which is not there: ${line}`;
    },
    env: { TEST_SUITE: "snippets" },
    files: () => [],
  },
  /** The long form of every test that has one: it reads TEST_LONG for its sizes. */
  long: {
    missing: () => longForms().length === 0 && "No test has a long form.",
    env: { TEST_LONG: "1" },
    files: () => [...longForms(), "--testTimeout=1800000"],
  },
};

const [name, ...rest] = process.argv.slice(2);
const suite = suites[name];
const missing = suite === undefined ? `Suites: ${Object.keys(suites).join(", ")}.` : suite.missing();
if (missing) {
  process.stderr.write(`${missing}\n`);
  process.exit(2);
}

const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
const { status } = spawnSync(process.execPath, [vitest, "run", ...suite.files(), ...rest], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, ...suite.env },
});
process.exit(status ?? 1);

function longForms() {
  return readdirSync(path.join(root, "test"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => path.join("test", file))
    .filter((file) => readFileSync(path.join(root, file), "utf8").includes("TEST_LONG"));
}
