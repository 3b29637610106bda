import { setTimeout as wait } from "node:timers/promises";
import type pg from "pg";
import { attach, ensureDatabase } from "./attach.ts";
import { type Place, placeIn, socketUrl } from "./place.ts";
import { stopPostmaster } from "./postmaster.ts";
import { runningPid, signal } from "./processes.ts";
import { applicationName, hasOtherClients, takeServerLock } from "./server-lock.ts";
import { type EmbeddedOptions, type Hold, ServerAlreadyRunning, take } from "./take.ts";

export interface EmbeddedDatabase {
  url: string;
  /** Leaves the cluster, and stops it where it is ours to stop. */
  close(): Promise<void>;
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
  return options.role === "server" ? openAsServer(place, options) : openAsCommand(place, options);
}

async function openAsCommand(place: Place, options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const hold = (await attachOnly(place)) ?? (await take(place, options));
  await prepare(hold);
  return {
    url: socketUrl(hold.socketDirectory),
    close: () => (hold.isStarter ? stopUnlessUsed(place, hold.admin) : hold.admin.end()),
  };
}

async function attachOnly(place: Place): Promise<Hold | undefined> {
  const attached = await attach(place, applicationName("command"));
  if (attached.state !== "attached") return undefined;
  return { ...attached, isStarter: false };
}

async function openAsServer(place: Place, options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  let hold = await take(place, options);
  await prepare(hold);
  let isClosing = false;
  let isHeld = true;
  let recovery: Promise<void> | undefined;
  // PostgreSQL ends and starts again when one of its processes is killed, and may be killed as a whole: then it is taken
  // or started once more, so that a server survives it as it would a restart of any other database.
  const guard = (held: Hold) => {
    held.admin.once("end", () => {
      isHeld = false;
      if (isClosing) return;
      options.logger.error("embedded database lost");
      recovery = retake(place, options, () => isClosing).then((taken) => {
        if (taken === undefined) return;
        hold = taken;
        isHeld = true;
        guard(taken);
        options.logger.info("embedded database back");
      });
    });
  };
  guard(hold);
  return {
    url: socketUrl(hold.socketDirectory),
    close: async () => {
      isClosing = true;
      await recovery;
      if (isHeld || (await isNobodys(place))) await stopOwn(place, hold.admin);
    },
  };
}

async function retake(
  place: Place,
  options: EmbeddedOptions,
  isOver: () => boolean,
): Promise<Hold | undefined> {
  while (!isOver()) {
    try {
      return await take(place, options);
    } catch (error) {
      if (error instanceof ServerAlreadyRunning) {
        options.logger.error("embedded database taken by another server", {}, error);
        return undefined;
      }
      options.logger.error("embedded database not back yet", {}, error);
      await wait(1_000);
    }
  }
  return undefined;
}

/** Whether the cluster we lost runs without a server, so that it is still ours to stop. Another server keeps its own. */
async function isNobodys(place: Place): Promise<boolean> {
  const attached = await attach(place, applicationName("server"));
  if (attached.state !== "attached") return false;
  try {
    return await takeServerLock(attached.admin);
  } finally {
    await attached.admin.end();
  }
}

async function prepare(hold: Hold): Promise<void> {
  try {
    await ensureDatabase(hold.admin);
  } catch (error) {
    await hold.admin.end();
    throw error;
  }
}

async function stopOwn(place: Place, admin: pg.Client): Promise<void> {
  await stopPostmaster(place);
  await admin.end().catch(() => {});
}

/** Stops the cluster a command started, unless a server has made it its own; other commands may finish first. */
async function stopUnlessUsed(place: Place, admin: pg.Client): Promise<void> {
  if (!(await takeServerLock(admin))) return admin.end();
  if (!(await hasOtherClients(admin))) return stopOwn(place, admin);
  const pid = await runningPid(place);
  // SIGTERM lets present clients finish and admits no new ones.
  if (pid !== undefined) signal(pid, "SIGTERM");
  await admin.end();
}
