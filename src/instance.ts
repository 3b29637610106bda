import { randomUUID } from "node:crypto";
import { resolveTxt } from "node:dns/promises";
import { Registry } from "prom-client";
import { createAuthentication, createOidc, findVisitor } from "./access/index.ts";
import { buildApp } from "./app.ts";
import { choresOf, turnOnce } from "./chores.ts";
import { createClinicNotice } from "./clinics/index.ts";
import type { Adapter } from "./contract/adapter.ts";
import { createAdapters } from "./create-adapters.ts";
import { createHttpClient } from "./delivery/http-client.ts";
import {
  createDeliveryWorker,
  type DeliveryWorker,
  releaseAllLeases,
  type Settlers,
} from "./delivery/index.ts";
import { createDeliveryMetrics } from "./delivery/metrics.ts";
import type { Deps } from "./deps.ts";
import { decidesProposals, stopCallbacks } from "./forums/index.ts";
import { createHousekeeping } from "./housekeeping.ts";
import type { ReadinessCheck } from "./http/health.ts";
import { withTestNotices, withTestSteps } from "./joining/index.ts";
import { createMailer } from "./mail.ts";
import { type Core, openCore, type Parts } from "./open-core.ts";
import { databaseChecks } from "./readiness.ts";
import { checkTransitions, createNoticeBuilder, createSettlers } from "./referrals/index.ts";
import { rooms } from "./rooms.ts";
import { version } from "./version.ts";

/** A server that runs: database, adapters, HTTP, delivery and what comes round by itself. */
export interface Instance {
  address: string;
  deps: Deps;
  worker: DeliveryWorker;
  /** Does at once what could be due. For tests and the demo, whose clocks are moved by hand. */
  turnClock(): Promise<void>;
  /** Not ready, takes no more work, closes what comes in, at most 10 s for what is under way, gives its leases back. */
  stop(): Promise<void>;
}

/** Builds and starts a whole instance. When it cannot, what was opened is closed again. */
export async function startInstance(parts: Parts): Promise<Instance> {
  const mistakes = checkTransitions();
  if (mistakes.length > 0) throw new Error(`The table of transitions is unsound: ${mistakes.join("; ")}`);
  let worker: DeliveryWorker | undefined;
  const core = await openCore(parts, "server", () => worker?.nudge());
  try {
    const { deps } = core;
    const instance = randomUUID();
    const metrics = new Registry();
    const adapters = await createAdapters(parts, deps, instance);
    if (core.embedded) await releaseAllLeases(deps.db, deps.now());
    const settlers: Settlers = withTestSteps(deps, { ...createSettlers(deps), stopped: stopCallbacks });
    worker = createDeliveryWorker({
      deps,
      adapters,
      build: withTestNotices(deps, createNoticeBuilder(deps, { clinic: createClinicNotice(deps) })),
      settlers,
      metrics: createDeliveryMetrics(metrics),
      random: parts.random ?? Math.random,
      instance,
    });
    return await startServing(parts, core, { worker, adapters, metrics, settlers });
  } catch (error) {
    await core.close();
    throw error;
  }
}

/** What is under way when a server stops is given this long. */
const requestsMayTakeMs = 10_000;

interface Working {
  worker: DeliveryWorker;
  adapters: Map<string, Adapter>;
  metrics: Registry;
  settlers: Settlers;
}

async function startServing(parts: Parts, core: Core, working: Working): Promise<Instance> {
  const { config } = parts;
  const { deps } = core;
  const { worker, adapters } = working;
  let isStopping = false;
  const app = await buildServer(parts, core, working, () => isStopping);
  const housekeeping = createHousekeeping(choresOf(deps), parts.logger);
  const stop = async () => {
    isStopping = true;
    const quiet = Promise.all([housekeeping.stop(), worker.stop()]);
    for (const adapter of adapters.values()) await adapter.stop?.();
    const impatience = setTimeout(() => app.server.closeAllConnections(), requestsMayTakeMs);
    await app.close();
    clearTimeout(impatience);
    await quiet;
    await core.close();
  };

  try {
    const address = await app.listen({ host: config.host, port: config.port });
    deps.baseUrl = config.baseUrl ?? address;
    for (const adapter of adapters.values()) await adapter.start?.();
    if (parts.background !== false) {
      worker.start();
      housekeeping.start();
    }
    return { address, deps, worker, turnClock: () => turnOnce(deps), stop };
  } catch (error) {
    await app.close();
    throw error;
  }
}

function buildServer(parts: Parts, core: Core, working: Working, isStopping: () => boolean) {
  const { config } = parts;
  const { deps } = core;
  const { worker, adapters, metrics, settlers } = working;
  const checks = async (): Promise<ReadinessCheck[]> => {
    if (isStopping()) return [{ name: "server", ok: false, detail: "is stopping" }];
    const isAlive = worker.isAlive();
    return [
      ...(await databaseChecks(core.pending)),
      { name: "worker", ok: isAlive, detail: isAlive ? "alive" : "has not reached the database lately" },
    ];
  };
  return buildApp({
    ...deps,
    // Known only when the server listens.
    get baseUrl() {
      return deps.baseUrl;
    },
    ...createAuthentication({ ...deps, adminApiKey: config.adminApiKey }),
    async session(token) {
      const visitor = await findVisitor(deps, token);
      if (visitor === null) return null;
      const register = await deps.register(deps.db);
      return { ...visitor, decides: visitor.actors.some((actor) => decidesProposals(register, actor)) };
    },
    mailer: createMailer(config.email.smtpUrl, {
      baseUrl: () => deps.baseUrl,
      print: parts.print ?? (() => {}),
    }),
    http: createHttpClient({ allowPrivate: config.egressAllowPrivate }),
    resolveTxt,
    oidc:
      config.oidc &&
      createOidc(deps, { ...config.oidc, allowPlainHttp: config.oidc.issuer.startsWith("http:") }),
    settlers,
    routes: rooms,
    inbound: [...adapters.values()].flatMap((adapter) => adapter.inbound ?? []),
    checks,
    metrics,
    trustProxy: config.trustProxy,
    version,
  });
}
