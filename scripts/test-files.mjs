// Names the test files that need a PostgreSQL, or those that do not, by following their imports to
// test/support/database.ts: `node scripts/test-files.mjs database|plain`.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const needsDatabase = path.join(root, "test", "support", "database.ts");

/** Test files below test/, as paths from the root, that reach the test database or do not. */
export function testFiles(kind) {
  const reached = new Map();
  return readdirSync(path.join(root, "test"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => path.join(root, "test", file))
    .filter((file) => reaches(file, reached) === (kind === "database"))
    .map((file) => path.relative(root, file))
    .sort();
}

function reaches(file, reached) {
  if (file === needsDatabase) return true;
  const known = reached.get(file);
  if (known !== undefined) return known;
  reached.set(file, false);
  const answer = importsOf(file).some((next) => reaches(next, reached));
  reached.set(file, answer);
  return answer;
}

function importsOf(file) {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/\bfrom\s+"(\.[^"]+\.ts)"/g)]
    .map(([, target]) => path.resolve(path.dirname(file), target))
    .filter((target) => target.startsWith(path.join(root, "test")) && existsSync(target));
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(`${testFiles(process.argv[2]).join("\n")}\n`);
