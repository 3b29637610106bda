import { randomUUID } from "node:crypto";
import { Registry } from "prom-client";
import { adapters as allAdapters } from "../adapters/index.ts";
import { authenticateKey } from "./access/index.ts";
import { buildApp } from "./app.ts";
import type { Config } from "./config.ts";
import type { Adapter, Logger } from "./contract/adapter.ts";
import { createCore } from "./core.ts";
import {
  applyMigrations,
  type Clock,
  createDatabase,
  createDatabaseClock,
  openDatabase,
  pendingMigrations,
} from "./db/index.ts";
import { checkCallbackUrl } from "./delivery/callback-url.ts";
import { createHttpClient } from "./delivery/http-client.ts";
import {
  createDeliveryWorker,
  createMemory,
  type DeliveryWorker,
  releaseAllLeases,
  type Settlers,
} from "./delivery/index.ts";
import { createDeliveryMetrics } from "./delivery/metrics.ts";
import type { AdapterDirectory, Deps } from "./deps.ts";
import { stopCallbacks } from "./forums/index.ts";
import { createHousekeeping } from "./housekeeping.ts";
import type { ReadinessCheck } from "./http/health.ts";
import { keptEncryptionKey } from "./privacy/encryption-key.ts";
import { loadKeyring } from "./privacy/index.ts";
import {
  checkTransitions,
  createNoticeBuilder,
  createSettlers,
  fireTimers,
  followRegister,
} from "./referrals/index.ts";
import { createRegisterReader } from "./register/index.ts";
import { rooms } from "./rooms.ts";
import { version } from "./version.ts";

/** What a whole instance is built from; a test or the demo brings a clock and a database of its own. */
export interface Parts {
  config: Config;
  logger: Logger;
  clock?: Clock;
  random?: () => number;
  /** False: nothing comes round by itself; whoever holds the clock turns it. */
  background?: boolean;
}

/** The core without its HTTP side: what a command works with. */
export interface Core {
  deps: Deps;
  embedded: boolean;
  databaseUrl: string;
  pending(): Promise<string[]>;
  close(): Promise<void>;
}

export interface Instance {
  address: string;
  deps: Deps;
  worker: DeliveryWorker;
  /** Fires what is due and follows the register, at once. For tests and the demo, whose clocks are moved by hand. */
  turnClock(): Promise<void>;
  stop(): Promise<void>;
}

/** Names and capabilities of the adapters that this configuration turns on. */
async function directoryOf(config: Config): Promise<AdapterDirectory & { on: readonly string[] }> {
  const on = Object.keys(allAdapters).filter((name) => settingsOf(config, name) !== null);
  const carried = new Map<string, ReadonlySet<string>>();
  for (const name of on) carried.set(name, new Set((await allAdapters[name]?.())?.capabilities.notices));
  return { on, known: new Set(Object.keys(allAdapters)), carries: (adapter) => carried.get(adapter) };
}

/** An adapter's part of the configuration, or null where it is off. Adapters without variables are always on. */
function settingsOf(config: Config, name: string): Record<string, string> | null {
  const own = Object.entries(config).find(([field]) => field === name);
  if (!own) return {};
  if (own[1] === null || typeof own[1] !== "object") return null;
  return Object.fromEntries(
    Object.entries(own[1]).flatMap(([field, value]) => (value === null ? [] : [[field, String(value)]])),
  );
}

/** Opens the database and builds what use cases are given. Migrates first where the configuration says so. */
export async function openCore(
  parts: Parts,
  role: "server" | "command",
  nudge: () => void = () => {},
): Promise<Core> {
  const { config, logger } = parts;
  const opened = await openDatabase({
    databaseUrl: config.databaseUrl ?? undefined,
    dataDir: config.dataDir,
    role,
    logger,
  });
  const database = createDatabase({ url: opened.url });
  try {
    if (config.migrate) await applyMigrations({ url: opened.url }, { logger });
    const databaseClock = parts.clock ? null : await createDatabaseClock(database);
    const clock = parts.clock ?? databaseClock;
    if (!clock) throw new Error("An instance needs a clock.");
    const masters = [config.encryptionKey ?? (await keptEncryptionKey(config.dataDir))];
    const keyring = await loadKeyring(database.prisma, masters);
    const deps: Deps = {
      now: () => clock.now(),
      db: database.prisma,
      transaction: database.transaction,
      register: createRegisterReader(),
      keyring,
      adapters: await directoryOf(config),
      nudge,
      logger,
      baseUrl: config.baseUrl ?? `http://${config.host}:${config.port}`,
    };
    return {
      deps,
      embedded: opened.embedded,
      databaseUrl: opened.url,
      pending: () => pendingMigrations(database),
      async close() {
        databaseClock?.stop();
        await database.close();
        await opened.close();
      },
    };
  } catch (error) {
    await database.close();
    await opened.close();
    throw error;
  }
}

async function createAdapters(parts: Parts, core: Core, instance: string): Promise<Map<string, Adapter>> {
  const { config } = parts;
  const { deps } = core;
  const api = createCore(deps, config.adminApiKey);
  const http = createHttpClient({ allowPrivate: config.egressAllowPrivate });
  const made = new Map<string, Adapter>();
  for (const [name, load] of Object.entries(allAdapters)) {
    const settings = settingsOf(config, name);
    if (settings === null) continue;
    const { createAdapter } = await load();
    const memory = createMemory(deps, name, instance);
    const { logger, now } = deps;
    const get = { core: api, http, memory, logger, now, settings };
    // The address is known when the server listens; what an adapter builds later has it.
    made.set(
      name,
      createAdapter(Object.defineProperty({ ...get, baseUrl: "" }, "baseUrl", { get: () => deps.baseUrl })),
    );
  }
  return made;
}

/** Builds and starts a whole instance: database, adapters, HTTP, delivery and what comes round by itself. */
export async function startInstance(parts: Parts): Promise<Instance> {
  const { config, logger } = parts;
  const mistakes = checkTransitions();
  if (mistakes.length > 0) throw new Error(`The table of transitions is unsound: ${mistakes.join("; ")}`);
  const instance = randomUUID();
  let worker: DeliveryWorker | null = null;
  const core = await openCore(parts, "server", () => worker?.nudge());
  const { deps } = core;
  const metrics = new Registry();
  const adapters = await createAdapters(parts, core, instance);
  if (core.embedded) await releaseAllLeases(deps.db, deps.now());
  const settlers: Settlers = {
    ...createSettlers(deps),
    stopped: stopCallbacks,
    alarmed: async () => {},
    recovered: async () => {},
  };
  worker = createDeliveryWorker({
    deps,
    adapters,
    build: createNoticeBuilder(deps),
    settlers,
    metrics: createDeliveryMetrics(metrics),
    random: parts.random ?? Math.random,
    instance,
  });
  const turnClock = async () => {
    await followRegister(deps);
    await fireTimers(deps);
  };
  const housekeeping = createHousekeeping(
    [
      { name: "timers", everyMs: 1_000, work: () => fireTimers(deps) },
      { name: "register", everyMs: 60_000, work: () => followRegister(deps) },
    ],
    logger,
  );
  const running = worker;
  const checks = async (): Promise<ReadinessCheck[]> => readiness(core, running);
  const app = await buildApp(
    Object.assign(deps, {
      authenticate: (bearer) => authenticateKey({ ...deps, adminApiKey: config.adminApiKey }, bearer),
      settlers,
      afterApply: () => followRegister(deps),
      checkAddress: (url) => checkCallbackUrl(url, { allowPrivate: config.egressAllowPrivate }),
      routes: rooms,
      inbound: [...adapters.values()].flatMap((adapter) => adapter.inbound ?? []),
      checks,
      metrics,
      trustProxy: config.trustProxy,
      version,
    }),
  );
  const address = await app.listen({ host: config.host, port: config.port });
  deps.baseUrl = config.baseUrl ?? address;
  for (const adapter of adapters.values()) await adapter.start?.();
  if (parts.background !== false) {
    worker.start();
    housekeeping.start();
  }

  return {
    address,
    deps,
    worker,
    turnClock,
    async stop() {
      await housekeeping.stop();
      await running.stop();
      for (const adapter of adapters.values()) await adapter.stop?.();
      await app.close();
      await core.close();
    },
  };
}

async function readiness(core: Core, worker: DeliveryWorker): Promise<ReadinessCheck[]> {
  const database = await core.pending().then(
    (pending): ReadinessCheck[] => [
      { name: "database", ok: true, detail: "reached" },
      {
        name: "migrations",
        ok: pending.length === 0,
        detail: pending.length === 0 ? "applied" : `${pending.length} to apply: run \`fingerpost migrate\``,
      },
    ],
    (): ReadinessCheck[] => [{ name: "database", ok: false, detail: "not reached" }],
  );
  const alive = worker.isAlive();
  return [
    ...database,
    { name: "worker", ok: alive, detail: alive ? "alive" : "has not reached the database lately" },
  ];
}
