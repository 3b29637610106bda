import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { packageRoot } from "../../src/db/index.ts";
import { benches } from "./benches.ts";

test("every benchmark still runs, beside its floor, and gives figures", async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "fingerpost-bench-"));
  const file = path.join(folder, "results.json");
  const script = path.join(packageRoot(), "test", "bench", "run.ts");
  const args = ["--import", "tsx", script, "--quick", "--json", file];
  // Nothing of the test runner's own: it sets a BASE_URL, for one.
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: os.tmpdir() };
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: packageRoot(), env });
  const { results } = JSON.parse(await readFile(file, "utf8"));
  await rm(folder, { recursive: true });
  expect(results.map(({ name }: { name: string }) => name)).toEqual(Object.keys(benches));
  for (const { lines } of results) {
    expect(lines.length).toBeGreaterThan(0);
    for (const { ours } of lines) expect(ours).toMatch(/\d/);
  }
  expect(stdout).not.toMatch(/MISSED|holds/);
}, 300_000);
