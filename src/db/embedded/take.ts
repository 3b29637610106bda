import { setTimeout as wait } from "node:timers/promises";
import type pg from "pg";
import type { DatabaseLogger } from "../logger.ts";
import { findServerAccount } from "./account.ts";
import { attach } from "./attach.ts";
import { prepareBinaries } from "./binaries.ts";
import { ensureCluster, type Surroundings } from "./cluster.ts";
import { chooseSocketDirectory, type Place } from "./place.ts";
import { type Postmaster, type Settings, startPostmaster } from "./postmaster.ts";
import { runningPid } from "./processes.ts";
import { applicationName, type Role, serverHoldingLock, takeServerLock } from "./server-lock.ts";
import { removeStaleLockFile } from "./stale-lock-file.ts";

export interface EmbeddedOptions {
  dataDir: string;
  role: Role;
  logger: DatabaseLogger;
  /** Settings on top of the product's own. Only throw-away clusters have any. */
  settings?: Settings;
  /** Whether a new cluster is flushed to the disk. Only throw-away clusters are not. */
  sync?: boolean;
}

/** What a process has of a cluster: an administrator's connection, which holds the lock where the process is a server. */
export interface Hold {
  admin: pg.Client;
  socketDirectory: string;
  /** Whether this process started the PostgreSQL behind the connection. */
  isStarter: boolean;
}

/** A second Fingerpost server on the same directory. The message tells a person what to do. */
export class ServerAlreadyRunning extends Error {
  constructor(dataDir: string, pid: number) {
    super(
      `Another Fingerpost server (process ${pid}) is already running on ${dataDir}. ` +
        "Stop it first, or give this one a folder of its own with DATA_DIR.",
    );
    this.name = "ServerAlreadyRunning";
  }
}

/** How long to wait for somebody else's start, stop or release of shared memory. Our own start may take as long as it needs. */
const patienceMs = 20_000;
/** A killed server's lock goes with its connection, within milliseconds: what is held longer belongs to the living. */
const lockPatienceMs = 1_500;
const stepMs = 50;

/** Attaches to what runs or starts what does not, until this process has what its role needs. */
export async function take(place: Place, options: EmbeddedOptions): Promise<Hold> {
  const account = await findServerAccount(place.folder);
  const at: Surroundings = { place, account, binaries: await prepareBinaries(account) };
  await ensureCluster(at, { sync: options.sync ?? true });
  let postmaster: Postmaster | undefined;
  const begunAt = performance.now();
  let lockedSince: number | undefined;
  for (;;) {
    const attached = await attach(place, applicationName(options.role));
    if (attached.state === "attached") {
      const { admin, socketDirectory } = attached;
      if (options.role === "command" || (await takeServerLock(admin))) {
        return { admin, socketDirectory, isStarter: postmaster?.hasExited() === false };
      }
      const holder = await serverHoldingLock(admin);
      await admin.end();
      lockedSince ??= performance.now();
      const isSettled = performance.now() - lockedSince >= lockPatienceMs;
      if (holder !== undefined && isSettled) throw new ServerAlreadyRunning(place.dataDir, holder);
    } else if (attached.state === "absent" && (postmaster === undefined || postmaster.hasExited())) {
      // Refused by a stale lock file or by shared memory that is still held, a start simply ends; then it is tried again.
      await removeStaleLockFile(place);
      postmaster = await startPostmaster(at, await chooseSocketDirectory(place, account), options.settings);
      options.logger.info("embedded database starting");
    }
    const isOurStartUnderWay = postmaster !== undefined && !postmaster.hasExited();
    if (!isOurStartUnderWay && performance.now() - begunAt > patienceMs) throw await explainSilence(place);
    await wait(stepMs);
  }
}

async function explainSilence(place: Place): Promise<Error> {
  const pid = await runningPid(place);
  return new Error(
    pid !== undefined
      ? `A PostgreSQL (process ${pid}) runs on ${place.folder} but does not answer. Stop it with \`kill -INT ${pid}\` and start again.`
      : `The embedded PostgreSQL did not start. ${place.logFile} says why.`,
  );
}
