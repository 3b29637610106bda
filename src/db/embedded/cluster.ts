import { type ChildProcess, spawn } from "node:child_process";
import { chown, mkdir, mkdtemp, open, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { ServerAccount } from "./account.ts";
import { type Binaries, hasCode } from "./binaries.ts";
import { adminRole, type Place } from "./place.ts";

export type Settings = Record<string, string>;

/** The release of PostgreSQL in the package, as its clusters name it in PG_VERSION. */
const majorVersion = "18";
const logLimitBytes = 10_000_000;

/**
 * Modest memory, full durability (fsync and synchronous_commit keep their defaults). No statement or key is logged,
 * because they hold what people wrote.
 */
const defaultSettings: Settings = {
  listen_addresses: "",
  unix_socket_permissions: "0700",
  max_connections: "60",
  shared_buffers: "64MB",
  io_method: "sync",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_wal_size: "256MB",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  log_min_messages: "warning",
  log_min_error_statement: "panic",
  log_error_verbosity: "terse",
  log_checkpoints: "off",
};

export interface Surroundings {
  place: Place;
  binaries: Binaries;
  account: ServerAccount | undefined;
}

/** Makes the cluster where there is none. Refuses one that another major version made. */
export async function ensureCluster(at: Surroundings, options: { sync: boolean }): Promise<void> {
  const { place, account } = at;
  await mkdir(place.dataDir, { recursive: true, mode: 0o700 });
  const version = await readFile(path.join(place.folder, "PG_VERSION"), "utf8").catch(() => undefined);
  if (version !== undefined) {
    if (version.trim() === majorVersion) return;
    throw new Error(
      `${place.folder} was made by PostgreSQL ${version.trim()}, and this release brings ${majorVersion}. ` +
        "Restore a backup into a new DATA_DIR with `fingerpost restore`.",
    );
  }
  // Made under another name and renamed, so that a start cut short leaves nothing that looks like a cluster.
  const draft = await mkdtemp(path.join(place.dataDir, "postgres-new-"));
  try {
    if (account !== undefined) await chown(draft, account.uid, account.gid);
    await initdb(at, draft, options.sync);
    await rename(draft, place.folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process made the cluster in the meantime.
    if (!hasCode(error, "ENOTEMPTY") && !hasCode(error, "EEXIST")) throw error;
  }
}

async function initdb(at: Surroundings, folder: string, sync: boolean): Promise<void> {
  const args = [
    `--username=${adminRole}`,
    "--auth=trust",
    "--encoding=UTF8",
    "--no-locale",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
    ...(sync ? [] : ["--no-sync"]),
  ];
  const child = spawn(at.binaries.initdb, ["-D", visibleFrom(folder, at.account), ...args], {
    ...processOptions(at.account, folder),
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const code = await exitOf(child);
  if (code !== 0)
    throw new Error(`initdb could not make a database in ${at.place.dataDir}: ${complaint.trim()}`);
}

export interface Postmaster {
  /** Settles when the process has ended, whatever the reason. */
  exited: Promise<unknown>;
  hasExited(): boolean;
}

/** Starts the server on an existing cluster. It may still be recovering, or may end at once: see the log. */
export async function startPostmaster(
  at: Surroundings,
  socketDirectory: string,
  extra: Settings = {},
): Promise<Postmaster> {
  const { place } = at;
  await rotateLog(place.logFile);
  const log = await open(place.logFile, "a", 0o600);
  // The server's working folder is the cluster, so `.` names it even where the path leading there is closed.
  const socketSetting = socketDirectory === place.folder ? "." : socketDirectory;
  const settings = { ...defaultSettings, unix_socket_directories: socketSetting, ...extra };
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(at.binaries.postgres, ["-D", visibleFrom(place.folder, at.account), ...args], {
    ...processOptions(at.account, place.folder),
    stdio: ["ignore", log.fd, log.fd],
    // A session of its own: Ctrl-C in a terminal must not stop the database before the server has finished with it.
    detached: true,
  });
  const exited = exitOf(child);
  child.unref();
  try {
    await Promise.race([new Promise((resolve) => child.once("spawn", resolve)), exited]);
  } finally {
    await log.close();
  }
  return { exited, hasExited: () => child.exitCode !== null || child.signalCode !== null };
}

/**
 * How the server's processes name their folder. Another account may not be able to walk the path to it (a checkout of mode
 * 700), but the process is placed there before it changes account, and Linux lets it name the place where it stands.
 */
function visibleFrom(folder: string, account: ServerAccount | undefined): string {
  return account !== undefined && process.platform === "linux" ? "/proc/self/cwd" : folder;
}

function processOptions(account: ServerAccount | undefined, cwd: string) {
  return { ...(account ?? {}), cwd, env: { PATH: "/usr/bin:/bin", LC_ALL: "C" } };
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
}

async function rotateLog(file: string): Promise<void> {
  const size = await stat(file).then(
    (entry) => entry.size,
    () => 0,
  );
  if (size > logLimitBytes) await rename(file, `${file}.1`);
}

/** The process that the cluster's own lock file names, alive or not. */
export async function notedPid(place: Place): Promise<number | undefined> {
  const text = await readFile(path.join(place.folder, "postmaster.pid"), "utf8").catch(() => "");
  const pid = Number(text.split("\n")[0]);
  return pid > 0 ? pid : undefined;
}

/**
 * Stops the server that runs on this cluster, whoever started it: open transactions are rolled back, everything committed
 * is on disk. After `timeoutMs` it is ended at once, and the next start recovers from the log.
 */
export async function stopPostmaster(place: Place, timeoutMs = 20_000): Promise<void> {
  const pid = await notedPid(place);
  if (pid === undefined) return;
  signal(pid, "SIGINT");
  if (await hasLeft(place, pid, timeoutMs)) return;
  signal(pid, "SIGQUIT");
  await hasLeft(place, pid, 5_000);
}

export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    if (hasCode(error, "ESRCH")) return false;
    if (hasCode(error, "EPERM")) return true;
    throw error;
  }
}

/** The lock file goes last, so its absence is the sign; an orphan's process may stay as a zombie for ever. */
async function hasLeft(place: Place, pid: number, timeoutMs: number): Promise<boolean> {
  const steps = Math.ceil(timeoutMs / 20);
  for (let step = 0; step < steps; step += 1) {
    if ((await notedPid(place)) !== pid || !signal(pid, 0)) return true;
    await wait(20);
  }
  return false;
}
