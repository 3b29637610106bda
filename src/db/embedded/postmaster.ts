import { spawn } from "node:child_process";
import { open, rename, stat } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import type { Surroundings } from "./cluster.ts";
import type { Place } from "./place.ts";
import { exitOf, notedPid, processOptions, runningPid, signal, visibleFrom } from "./processes.ts";

export type Settings = Record<string, string>;

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
  if (at.account !== undefined) await log.chown(at.account.uid, at.account.gid);
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

async function rotateLog(file: string): Promise<void> {
  const size = await stat(file).then(
    (entry) => entry.size,
    () => 0,
  );
  if (size > logLimitBytes) await rename(file, `${file}.1`);
}

const stopWithinMs = 20_000;

/**
 * Stops the server that runs on this cluster, whoever started it: open transactions are rolled back, everything committed
 * is on disk. After 20 s it is ended at once, and the next start recovers from the log.
 */
export async function stopPostmaster(place: Place): Promise<void> {
  const pid = await runningPid(place);
  if (pid === undefined) return;
  signal(pid, "SIGINT");
  if (await hasLeft(place, pid, stopWithinMs)) return;
  signal(pid, "SIGQUIT");
  await hasLeft(place, pid, 5_000);
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
