// Generates the database client and the style sheet, compiles into dist/ and notes which sources that was made from.
// `--if-changed` does nothing when the note still fits. Plain Node, because it runs before anything is compiled.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const dist = path.join(root, "dist");
const lock = path.join(dist, ".lock");
const generated = path.join(root, "src", "db", "generated");
const styles = path.join(root, "src", "web", "generated");
const sourcesHashFile = path.join(dist, ".sources-hash");
const compiler = "typescript/bin/tsc";
const schemaHashFile = path.join(dist, ".schema-hash");

/** Builds, unless `ifChanged` is set and the sources are those of the last build. Answers whether it built. */
export async function build({ ifChanged = false } = {}) {
  await mkdir(dist, { recursive: true });
  // An installation without development packages can only use what was built before.
  const canBuild = await exists(path.join(root, "node_modules", compiler));
  if ((ifChanged || !canBuild) && (await isCurrent())) return false;
  if (!canBuild)
    throw new Error("There is nothing built for these sources. Install the development packages too: npm ci");
  await takeLock();
  try {
    // Whoever held the lock before may have built exactly this.
    if (ifChanged && (await isCurrent())) return false;
    const hash = await hashOf(await sourceFiles());
    await generateClient();
    await generateStyles();
    run(compiler, ["-p", "tsconfig.build.json"]);
    await removeOrphans();
    await copyAssets();
    await writeFile(sourcesHashFile, hash);
    return true;
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function isCurrent() {
  const [noted, actual] = await Promise.all([readOrEmpty(sourcesHashFile), sourceFiles().then(hashOf)]);
  const made = [path.join(generated, "client.ts"), path.join(styles, "site.css")];
  return noted === actual && (await Promise.all(made.map(exists))).every(Boolean);
}

/** Beside its source, so that tests and `dist/` find the style sheet at the same place. */
async function generateStyles() {
  const { compile } = await import("sass");
  const { css } = compile(path.join(root, "src", "web", "styles", "site.scss"), {
    loadPaths: [path.join(root, "node_modules", "govuk-frontend", "dist")],
    style: "compressed",
  });
  await mkdir(styles, { recursive: true });
  await writeFile(path.join(styles, "site.css"), css);
}

async function generateClient() {
  const hash = await hashOf([
    path.join(root, "prisma", "schema.prisma"),
    path.join(root, "package-lock.json"),
  ]);
  const isFresh =
    (await readOrEmpty(schemaHashFile)) === hash && (await exists(path.join(generated, "client.ts")));
  if (isFresh) return;
  // Generation is WebAssembly, yet the command insists on an engine binary and would download one. Any existing
  // executable satisfies it.
  run("prisma/build/index.js", ["generate", "--no-hints"], { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath });
  await writeFile(schemaHashFile, hash);
}

function run(script, args, extraEnv = {}) {
  const file = path.join(root, "node_modules", script);
  const { status, error, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    cwd: root,
    env: { ...process.env, ...extraEnv },
    encoding: "utf8",
  });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ""}${stderr ?? ""}`);
  throw new Error(
    error?.message ?? `Not built: ${path.basename(script)} ${args[0]} found the mistakes above.`,
  );
}

/** The lock is a directory, because making one is atomic; its owner's process number tells a crashed build. */
async function takeLock() {
  for (;;) {
    try {
      await mkdir(lock);
      await writeFile(path.join(lock, "pid"), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (await isAbandoned()) await rm(lock, { recursive: true, force: true });
    else await wait(100);
  }
}

async function isAbandoned() {
  const pid = Number(await readOrEmpty(path.join(lock, "pid")));
  if (pid > 0) return !isAlive(pid);
  const age = await stat(lock).then(
    (entry) => Date.now() - entry.mtimeMs,
    () => 0,
  );
  return age > 5_000;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

async function sourceFiles() {
  const top = await readdir(root);
  const single = top
    .filter((name) => /^tsconfig.*\.json$|^package-lock\.json$/.test(name))
    .map((name) => path.join(root, name));
  const folders = await Promise.all(
    ["src", "adapters", "prisma"].map((name) => filesUnder(path.join(root, name))),
  );
  return [...single, ...folders.flat().filter((file) => !isGenerated(file))].sort();
}

const isGenerated = (file) => [generated, styles].some((folder) => file.startsWith(folder + path.sep));

async function filesUnder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

async function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files)
    hash
      .update(`${path.relative(root, file)}\0`)
      .update(await readFile(file))
      .update("\0");
  return hash.digest("hex");
}

/** Removes what was compiled from a source that is gone, so that no forgotten module stays importable. */
async function removeOrphans() {
  for (const folder of ["src", "adapters"]) {
    for (const file of await filesUnder(path.join(dist, folder))) {
      const source = path.join(root, path.relative(dist, file)).replace(/\.js(\.map)?$/, ".ts");
      if (!(await exists(source))) await rm(file, { force: true });
    }
  }
}

async function copyAssets() {
  for (const folder of ["src", "adapters"]) {
    for (const file of await filesUnder(path.join(root, folder))) {
      if (!/\.tsx?$/.test(file)) await cp(file, path.join(dist, path.relative(root, file)));
    }
  }
}

const exists = (file) =>
  stat(file).then(
    () => true,
    () => false,
  );
const readOrEmpty = (file) => readFile(file, "utf8").catch(() => "");

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await build({ ifChanged: process.argv.includes("--if-changed") });
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
