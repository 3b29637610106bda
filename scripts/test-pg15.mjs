// Runs every test that uses a database on Debian's PostgreSQL 15: a cluster of its own in a temporary folder, with an
// ordinary role that may make databases. Paths as arguments, such as test/stats, choose among them; options go on to
// vitest. Exit 2 where PostgreSQL 15 is missing.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { testFiles } from "./test-files.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const bin = process.env.PG15_BIN ?? "/usr/lib/postgresql/15/bin";

if (!existsSync(path.join(bin, "initdb"))) {
  process.stderr.write(
    `PostgreSQL 15 is not in ${bin} (PG15_BIN names another folder). On Debian 12:\n  apt-get install -y postgresql-15\n`,
  );
  process.exit(2);
}

const folder = mkdtempSync(path.join(os.tmpdir(), "fp15-"));
const data = path.join(folder, "data");
const account = accountForPostgres();
const asPostgres = { ...account, cwd: "/", stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" };
let server;

try {
  chmodSync(folder, 0o700);
  if (account.uid !== undefined) chownSync(folder, account.uid, account.gid);
  pg("initdb", ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
  const settings = [
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
    `unix_socket_directories=${folder}`,
  ];
  server = spawn(
    path.join(bin, "postgres"),
    ["-D", data, ...settings.flatMap((setting) => ["-c", setting])],
    {
      ...asPostgres,
      stdio: "ignore",
    },
  );
  await ready();
  pg("psql", ["-h", folder, "-U", "postgres", "-qc", "CREATE ROLE fingerpost LOGIN CREATEDB"]);
  process.exitCode = await vitest();
} finally {
  if (server !== undefined) await stopped(server);
  rmSync(folder, { recursive: true, force: true });
}

/** PostgreSQL does not run as root: then it gets the account that Debian's package made for it. */
function accountForPostgres() {
  if (process.getuid() !== 0) return {};
  const entry = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((line) => line.startsWith("postgres:"));
  const [uid, gid] = (entry ?? "").split(":").slice(2, 4).map(Number);
  if (!uid) throw new Error("There is no postgres account, which Debian's package makes.");
  return { uid, gid };
}

function pg(program, args) {
  const { status, stderr, error } = spawnSync(path.join(bin, program), args, asPostgres);
  if (status !== 0) throw new Error(`${program} did not succeed: ${error?.message ?? stderr}`);
}

async function ready() {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}`);
    const { status } = spawnSync(path.join(bin, "pg_isready"), ["-q", "-h", folder]);
    if (status === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("PostgreSQL 15 did not answer within 10 seconds");
}

function vitest() {
  const given = process.argv.slice(2);
  const paths = given.filter((argument) => !argument.startsWith("-"));
  const chosen = testFiles("database").filter(
    (file) => paths.length === 0 || paths.some((start) => file.startsWith(start)),
  );
  if (chosen.length === 0) throw new Error(`No test with a database is in ${paths.join(", ")}`);
  const options = given.filter((argument) => argument.startsWith("-"));
  const args = [path.join(root, "node_modules/vitest/vitest.mjs"), "run", ...chosen, ...options];
  const url = `postgresql://fingerpost@localhost/postgres?host=${encodeURIComponent(folder)}`;
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, TEST_DATABASE_URL: url },
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.on("close", (code) => resolve(code ?? 1)));
}

function stopped(child) {
  if (child.exitCode !== null) return undefined;
  child.kill("SIGQUIT");
  return new Promise((resolve) => child.on("close", resolve));
}
