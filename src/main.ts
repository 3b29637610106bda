import { setFlagsFromString } from "node:v8";
import closeWithGrace from "close-with-grace";
import { adapters } from "../adapters/index.ts";
import { awaitMigrations } from "./await-migrations.ts";
import type { Config } from "./config.ts";
import type { Logger } from "./contract/adapter.ts";
import type { Deps } from "./deps.ts";
import { howToGetIn, howToMakeAKey, isWithoutAdmin, makeFirstKey } from "./first-start.ts";
import { createLogger } from "./http/logger.ts";
import { type Instance, startInstance as startWith } from "./instance.ts";
import { forgetAddress, noteAddress } from "./listening-address.ts";
import { type Core, openCore as openWith, type Parts as PartsWithLibrary } from "./open-core.ts";
import { version } from "./version.ts";

/**
 * The old generation is collected whenever it has grown by this much. V8's own choice lets garbage pile up to twice what
 * lives, which under load is 80 MB more. See decision 141.
 */
setFlagsFromString("--heap-growing-percent=30");

export type { Core, Instance };

/** What an instance is built from; the adapters are added here. */
export type Parts = Omit<PartsWithLibrary, "library">;

/** The core with every adapter there is. See `open-core.ts`. */
export const openCore = (parts: Parts, role: "server" | "command"): Promise<Core> =>
  openWith({ ...parts, library: adapters }, role);

/** A whole instance with every adapter there is. See `instance.ts`. */
export const startInstance = (parts: Parts): Promise<Instance> => startWith({ ...parts, library: adapters });

/** Longer than the 10 s that work under way is given, so that leases are still given back. */
const stopWithinMs = 20_000;
/** `npm` passes on a signal that the terminal has sent to everybody: the second of such a pair means nothing. */
const sameSignalMs = 1_000;

/**
 * The server as a process: starts an instance, says on one line of stdout that it listens, and stops it at a signal. Throws
 * what kept it from starting.
 */
export async function serve(config: Config): Promise<void> {
  const logger = createLogger(config.logLevel);
  const interrupted = new AbortController();
  const starting = startInstance({
    config,
    logger,
    print: (text) => void process.stderr.write(text),
    awaitMigrations: (pending) => awaitMigrations({ config, logger }, pending, interrupted.signal),
  });
  const uninstall = stopAtSignals(logger, async () => {
    interrupted.abort();
    const instance = await starting.catch(() => null);
    if (instance && config.baseUrl === null) await forgetAddress(config.dataDir);
    await instance?.stop();
  });
  try {
    const { address, deps } = await starting;
    if (config.baseUrl === null) await noteAddress(config.dataDir, address);
    await tellHowToGetIn(config, deps, address);
    process.stdout.write(`${JSON.stringify({ msg: "listening", address, version })}\n`);
  } catch (error) {
    // Told to stop while starting: the process ends as it does at any other time.
    if (interrupted.signal.aborted) return;
    uninstall();
    throw error;
  }
}

function stopAtSignals(logger: Logger, stop: () => Promise<void>): () => void {
  const grace = closeWithGrace(
    { delay: stopWithinMs, logger: null, skip: ["SIGINT", "SIGTERM"] },
    async ({ err }) => {
      if (err) logger.error("a fault that nobody caught stops this server", {}, err);
      await stop();
      logger.info("stopped");
    },
  );
  let firstAt: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (firstAt !== undefined && performance.now() - firstAt > sameSignalMs) process.exit(1);
    if (firstAt !== undefined) return;
    firstAt = performance.now();
    logger.info("stopping", { signal });
    grace.close();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return () => {
    grace.uninstall();
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  };
}

/** To the terminal, never to the log: what is printed here lets its reader in. */
async function tellHowToGetIn(config: Config, deps: Deps, address: string): Promise<void> {
  if (config.adminApiKey !== null) return;
  if (config.production) {
    if (await isWithoutAdmin(deps)) process.stderr.write(howToMakeAKey);
    return;
  }
  const first = await makeFirstKey(deps);
  if (first !== null) process.stderr.write(howToGetIn(first, address));
}
