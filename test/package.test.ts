import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";

const Entry = z.object({ optionalDependencies: z.record(z.string(), z.string()).default({}) });
const Lock = z.object({ packages: z.record(z.string(), Entry) });

const read = (name: string) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), "utf8"));
const { packages } = Lock.parse(read("package-lock.json"));

/** Where npm looks for `name` from the package at `path`: beside it, then one folder of packages further up, each time. */
function isLocked(path: string, name: string): boolean {
  const here = `${path === "" ? "" : `${path}/`}node_modules/${name}`;
  if (here in packages) return true;
  if (path === "") return false;
  const above = path.lastIndexOf("/node_modules/");
  return isLocked(above < 0 ? "" : path.slice(0, above), name);
}

test("npm ci can install from the lock: packages for other platforms are in it too", () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies }]) =>
    Object.keys(optionalDependencies).filter((name) => !isLocked(path, name)),
  );
  expect(missing).toEqual([]);
});

test("the lock fits package.json", () => {
  const { dependencies, devDependencies, engines } = read("package.json");
  expect(read("package-lock.json").packages[""]).toMatchObject({ dependencies, devDependencies, engines });
});
