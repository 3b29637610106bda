import { setTimeout as wait } from "node:timers/promises";
import type pg from "pg";
import type { DatabaseLogger } from "../logger.ts";
import { findServerAccount } from "./account.ts";
import { attach, ensureDatabase } from "./attach.ts";
import { prepareBinaries } from "./binaries.ts";
import {
  ensureCluster,
  notedPid,
  type Postmaster,
  type Settings,
  type Surroundings,
  signal,
  startPostmaster,
  stopPostmaster,
} from "./cluster.ts";
import { chooseSocketDirectory, type Place, placeIn, socketUrl } from "./place.ts";
import {
  applicationName,
  hasOtherClients,
  type Role,
  serverHoldingLock,
  takeServerLock,
} from "./server-lock.ts";
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

export interface EmbeddedDatabase {
  url: string;
  /** Leaves the cluster, and stops it where it is ours to stop. */
  close(): Promise<void>;
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

/** How long to wait for somebody else's start, stop or release of shared memory. Recovery of a live server has no limit. */
const patienceMs = 20_000;
/** A killed server's lock goes with its connection, within milliseconds: what is held longer belongs to the living. */
const lockPatienceMs = 1_500;
const stepMs = 50;

interface Hold {
  admin: pg.Client;
  socketDirectory: string;
  postmaster: Postmaster | undefined;
}

/**
 * Opens the PostgreSQL cluster under `dataDir`, made on first use.
 *
 * A server takes the cluster as its own, attaching where a killed predecessor left it running, and stops it on close;
 * refused when another live server has it. A command uses what runs and never stops that; it starts the cluster for its own
 * duration only where nothing runs.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const place = placeIn(options.dataDir);
  let hold = options.role === "command" ? await attachOnly(place) : undefined;
  hold ??= await take(place, options);
  const { admin, socketDirectory, postmaster } = hold;
  await ensureDatabase(admin);
  const isStarter = postmaster !== undefined;
  return {
    url: socketUrl(socketDirectory),
    close: async () => {
      if (options.role === "server") await stopOwn(place, admin);
      else if (isStarter) await stopUnlessUsed(place, admin);
      else await admin.end();
    },
  };
}

async function attachOnly(place: Place): Promise<Hold | undefined> {
  const attached = await attach(place, applicationName("command"));
  return attached.state === "attached" ? { ...attached, postmaster: undefined } : undefined;
}

/** Attaches to what runs or starts what does not, until this process has what its role needs. */
async function take(place: Place, options: EmbeddedOptions): Promise<Hold> {
  const account = await findServerAccount();
  const at: Surroundings = { place, account, binaries: await prepareBinaries(account) };
  await ensureCluster(at, { sync: options.sync ?? true });
  let postmaster: Postmaster | undefined;
  let waitedMs = 0;
  let lockWaitedMs = 0;
  for (;;) {
    const attached = await attach(place, applicationName(options.role));
    if (attached.state === "attached") {
      const { admin, socketDirectory } = attached;
      if (options.role === "command" || (await takeServerLock(admin)))
        return { admin, socketDirectory, postmaster };
      const holder = await serverHoldingLock(admin);
      await admin.end();
      if (holder !== undefined && lockWaitedMs >= lockPatienceMs)
        throw new ServerAlreadyRunning(place.dataDir, holder);
      lockWaitedMs += stepMs;
    } else if (attached.state === "absent" && (postmaster === undefined || postmaster.hasExited())) {
      // Refused by a stale lock file or by shared memory that is still held, a start simply ends; then it is tried again.
      await removeStaleLockFile(place);
      postmaster = await startPostmaster(at, await chooseSocketDirectory(place, account), options.settings);
      options.logger.info("embedded database starting");
    }
    const isOurStartUnderWay = postmaster !== undefined && !postmaster.hasExited();
    if (!isOurStartUnderWay && waitedMs > patienceMs) throw await explainSilence(place);
    await wait(stepMs);
    waitedMs += stepMs;
  }
}

async function explainSilence(place: Place): Promise<Error> {
  const pid = await notedPid(place);
  const isAlive = pid !== undefined && signal(pid, 0);
  return new Error(
    isAlive
      ? `A PostgreSQL (process ${pid}) runs on ${place.folder} but does not answer. Stop it with \`kill -INT ${pid}\` and start again.`
      : `The embedded PostgreSQL did not start. ${place.logFile} says why.`,
  );
}

async function stopOwn(place: Place, admin: pg.Client): Promise<void> {
  await stopPostmaster(place);
  await admin.end().catch(() => {});
}

/** Stops the cluster a command started, unless a server has made it its own; other commands may finish first. */
async function stopUnlessUsed(place: Place, admin: pg.Client): Promise<void> {
  if (!(await takeServerLock(admin))) return admin.end();
  if (!(await hasOtherClients(admin))) return stopOwn(place, admin);
  const pid = await notedPid(place);
  // SIGTERM lets present clients finish and admits no new ones.
  if (pid !== undefined) signal(pid, "SIGTERM");
  await admin.end();
}
