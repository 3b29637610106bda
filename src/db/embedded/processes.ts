import type { ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { ServerAccount } from "./account.ts";
import { hasCode } from "./binaries.ts";
import type { Place } from "./place.ts";

/**
 * How the server's processes name their folder. Another account may not be able to walk the path to it (a checkout of mode
 * 700), but the process is placed there before it changes account, and Linux lets it name the place where it stands.
 */
export function visibleFrom(folder: string, account: ServerAccount | undefined): string {
  return account !== undefined && process.platform === "linux" ? "/proc/self/cwd" : folder;
}

/** The account, the folder and the bare surroundings in which a process of PostgreSQL runs. */
export function processOptions(account: ServerAccount | undefined, cwd: string) {
  return { ...(account ?? {}), cwd, env: { PATH: "/usr/bin:/bin", LC_ALL: "C" } };
}

/** The exit code, null after a signal; rejects where the program could not be run. */
export function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
}

/** The process that the cluster's own lock file names, alive or not. */
export async function notedPid(place: Place): Promise<number | undefined> {
  const text = await readFile(path.join(place.folder, "postmaster.pid"), "utf8").catch(() => "");
  const pid = Number(text.split("\n")[0]);
  return pid > 0 ? pid : undefined;
}

/** The process that the lock file names, if it lives and is a PostgreSQL; its number may have been given away since. */
export async function runningPid(place: Place): Promise<number | undefined> {
  const pid = await notedPid(place);
  if (pid === undefined || !signal(pid, 0)) return undefined;
  return (await isOtherProgram(pid)) ? undefined : pid;
}

/** Whether a process is certainly no PostgreSQL. Only Linux tells what a process is; elsewhere nothing is certain. */
export async function isOtherProgram(pid: number): Promise<boolean> {
  const program = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return program !== "" && !program.includes("postgres");
}

/** Sends a signal, 0 to look only, and answers whether the process is there. */
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
