import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import { silentLogger } from "../logger.ts";
import { openEmbedded } from "./open-embedded.ts";
import { adminRole, notedSocketDirectory, placeIn, socketUrl } from "./place.ts";
import type { Settings } from "./postmaster.ts";

export interface ThrowawayCluster {
  /** The product's database, as its ordinary role. */
  url: string;
  /** The `postgres` database as administrator, for making and dropping databases. */
  adminUrl: string;
  /** Stops the cluster and removes everything it kept. */
  close(): Promise<void>;
}

/** Nothing is worth keeping, so nothing waits for the disk. */
const fastSettings: Settings = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };

/**
 * Starts a cluster in a private temporary folder: for tests, for the demo and for comparing schemas. It goes when it is
 * closed or when this process ends in any way, a kill included.
 */
export async function startThrowawayCluster(settings: Settings = {}): Promise<ThrowawayCluster> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), "fingerpost-throwaway-"));
  const place = placeIn(dataDir);
  const dismiss = watchOver(path.join(place.folder, "postmaster.pid"), dataDir);
  try {
    const opened = await openEmbedded({
      dataDir,
      role: "server",
      logger: silentLogger,
      settings: { ...fastSettings, ...settings },
      sync: false,
    });
    return {
      url: opened.url,
      adminUrl: socketUrl(await notedSocketDirectory(place), "postgres", adminRole),
      close: async () => {
        await opened.close();
        dismiss();
        await rm(dataDir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    dismiss();
    await rm(dataDir, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Leaves a small shell behind that waits for the end of this process (its input closes then, whatever the reason), stops the
 * server and removes the folder.
 */
function watchOver(pidFile: string, folder: string): () => void {
  const script = `trap "" INT TERM HUP; cat >/dev/null; pid=$(head -n 1 "$0" 2>/dev/null)
    [ -n "$pid" ] && kill -QUIT "$pid" 2>/dev/null && while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done; rm -rf "$1"`;
  const watcher = spawn("/bin/sh", ["-c", script, pidFile, folder], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
    cwd: "/",
  });
  watcher.on("error", () => {});
  watcher.unref();
  if (watcher.stdin instanceof Socket) watcher.stdin.unref();
  return () => watcher.kill("SIGKILL");
}
