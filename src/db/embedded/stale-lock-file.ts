import { rm } from "node:fs/promises";
import path from "node:path";
import type { Place } from "./place.ts";
import { isOtherProgram, notedPid } from "./processes.ts";

/**
 * Removes the lock file of a server that was killed, where its number now belongs to another program.
 *
 * PostgreSQL itself sees that a dead process holds nothing. It cannot see that the number was given away again, which is
 * usual in containers, and then refuses to start for ever. Only Linux tells what a process is; elsewhere nothing is removed.
 */
export async function removeStaleLockFile(place: Place): Promise<void> {
  const pid = await notedPid(place);
  if (pid === undefined || !(await isOtherProgram(pid))) return;
  await rm(path.join(place.folder, "postmaster.pid"), { force: true });
  await rm(path.join(place.folder, ".s.PGSQL.5432.lock"), { force: true });
}
