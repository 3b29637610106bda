import { spawn } from "node:child_process";
import { chown, mkdir, mkdtemp, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { ServerAccount } from "./account.ts";
import { type Binaries, hasCode } from "./binaries.ts";
import { adminRole, foreignCluster, type Place } from "./place.ts";
import { exitOf, processOptions, visibleFrom } from "./processes.ts";

/** The release of PostgreSQL in the package, as its clusters name it in PG_VERSION. */
const majorVersion = "18";

export interface Surroundings {
  place: Place;
  binaries: Binaries;
  account: ServerAccount | undefined;
}

/** Makes the cluster where there is none. Refuses one that another major version or another account made. */
export async function ensureCluster(at: Surroundings, options: { sync: boolean }): Promise<void> {
  const { place, account } = at;
  await mkdir(place.dataDir, { recursive: true, mode: 0o700 });
  const version = await readFile(path.join(place.folder, "PG_VERSION"), "utf8").catch(() => undefined);
  if (version !== undefined && version.trim() !== majorVersion) {
    throw new Error(
      `${place.folder} was made by PostgreSQL ${version.trim()}, and this release brings ${majorVersion}. ` +
        "Restore a backup into a new DATA_DIR with `fingerpost restore`.",
    );
  }
  const owner = await stat(place.folder).catch(() => undefined);
  if (owner !== undefined && owner.uid !== (account?.uid ?? process.getuid?.())) throw foreignCluster(place);
  if (version !== undefined) return;
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
