// Adds up the reports of every test run and prints the closing line: `node .ci/count.mjs FOLDER NAME…`.
// Exit 1 when a report is missing or empty, when anything failed, or when anything was left out.
import { readFileSync } from "node:fs";
import path from "node:path";

const [folder, ...names] = process.argv.slice(2);
let passed = 0;
let failed = 0;

for (const name of names) {
  const report = read(name);
  if (report === undefined) continue;
  const without = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some(isFailed),
  );
  const left = report.numPendingTests + report.numTodoTests;
  passed += report.numPassedTests;
  failed += report.numFailedTests + without.length + left;
  for (const file of without) complain(`${name}: ${file.name} could not be run`);
  if (left > 0) complain(`${name}: ${left} tests were left out`);
  if (report.numTotalTests === 0) complain(`${name}: no test was run`);
  else process.stdout.write(`${name}: ${report.numPassedTests} of ${report.numTotalTests}\n`);
}
if (names.length === 0) complain("no test was run");

process.stdout.write(`${passed} passed, ${failed} failed\n`);
if (failed > 0) process.exitCode = 1;

function read(name) {
  try {
    return JSON.parse(readFileSync(path.join(folder, `${name}.json`), "utf8"));
  } catch {
    failed += 1;
    complain(`${name}: there is no report`);
    return undefined;
  }
}

function isFailed({ status }) {
  return status === "failed";
}

function complain(line) {
  process.stdout.write(`${line}\n`);
  process.exitCode = 1;
}
