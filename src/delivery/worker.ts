import type { Adapter } from "../contract/adapter.ts";
import type { Deps } from "../deps.ts";
import { attemptDelivery } from "./attempt-delivery.ts";
import type { DeliveryMetrics, DeliveryRow, NoticeBuilder, Settlers } from "./delivery.ts";
import { createDestinations, type DestinationLimits } from "./destinations.ts";
import { leaseMs, sendTimeoutMs, type Verdict } from "./model.ts";
import { createSettlement } from "./settle-delivery.ts";
import { claimDue, prolongLeases, releaseLeases } from "./store/claims.ts";
import { createWakeable } from "./wakeable.ts";
import { watchDeliveries } from "./watch-deliveries.ts";

export interface DeliveryWorkerOptions {
  deps: Deps;
  /** The adapters that are on, by name. */
  adapters: ReadonlyMap<string, Adapter>;
  build: NoticeBuilder;
  settlers: Settlers;
  metrics: DeliveryMetrics;
  /** In [0, 1): spreads the schedule. */
  random(): number;
  /** Names this process in leases. */
  instance: string;
  limits?: DestinationLimits;
  /** How soon work of another instance is seen, in milliseconds. */
  pollMs?: number;
  sendTimeoutMs?: number;
  /** How long a stop waits for what is under way, in milliseconds. */
  stopWithinMs?: number;
}

export interface DeliveryWorker {
  start(): void;
  /** Takes nothing more, waits at most 10 s for what is under way, then gives its leases back. */
  stop(): Promise<void>;
  /** Wakes a worker that has nothing to do. */
  nudge(): void;
  /** One round without the loop: takes what is due, waits for all of it and answers how many. For tests and commands. */
  tick(): Promise<number>;
  /** Whether the loop has reached the database within the last 15 s. */
  isAlive(): boolean;
}

interface UnderWay {
  row: DeliveryRow;
  /** Set before anything can leave. */
  isSending: boolean;
  done: Promise<void>;
}

const heartbeatMs = leaseMs / 3;
const watchEveryMs = 60_000;
const aliveWithinMs = 15_000;
const longestPauseMs = 5_000;

/** The one place from which anything leaves. See `DeliveryWorker`; several instances share one database. */
export function createDeliveryWorker(options: DeliveryWorkerOptions): DeliveryWorker {
  const {
    deps,
    instance,
    pollMs = 250,
    stopWithinMs = 10_000,
    limits = { total: 128, perDestination: 16 },
  } = options;
  const parts = { ...options, sendTimeoutMs: options.sendTimeoutMs ?? sendTimeoutMs };
  const destinations = createDestinations(limits);
  const store = createSettlement(parts);
  const underWay = new Map<string, UnderWay>();
  const wake = createWakeable();
  const abort = new AbortController();
  const adapterNames = [...options.adapters.keys()];
  let isStopping = false;
  let loop: Promise<void> | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  let lastAlive = Number.NEGATIVE_INFINITY;
  let lastWatchMs = Number.NEGATIVE_INFINITY;

  const leaseEnd = (): Date => new Date(deps.now().getTime() + leaseMs);

  async function work(entry: UnderWay): Promise<void> {
    const { row } = entry;
    const attempt = await attemptDelivery(parts, row, abort.signal, () => {
      entry.isSending = true;
    });
    const { verdict } = attempt;
    destinations.end(row, endOf(verdict), deps.now(), "afterMs" in verdict ? verdict.afterMs : 0);
    await store(row, attempt);
  }

  function begin(row: DeliveryRow): UnderWay {
    const entry: UnderWay = { row, isSending: false, done: Promise.resolve() };
    const key = `${row.id} ${row.attempt}`;
    destinations.begin(row);
    underWay.set(key, entry);
    entry.done = work(entry)
      .catch((error: unknown) =>
        deps.logger.error("A delivery was left to its lease.", { delivery: row.id }, error),
      )
      .finally(() => {
        underWay.delete(key);
        wake.wake();
      });
    return entry;
  }

  /** Takes what is due, as far as there is room for it. */
  async function take(): Promise<UnderWay[]> {
    const limit = limits.total - underWay.size;
    if (limit <= 0) return [];
    const now = deps.now();
    const rows = await claimDue(deps.db, {
      instance,
      now,
      leaseUntil: leaseEnd(),
      limit,
      perDestination: limits.perDestination,
      allowances: destinations.allowances(now),
      adapters: adapterNames,
    });
    return rows.map(begin);
  }

  async function watch(): Promise<void> {
    const nowMs = deps.now().getTime();
    if (nowMs - lastWatchMs < watchEveryMs) return;
    lastWatchMs = nowMs;
    await watchDeliveries(parts);
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!isStopping) {
      try {
        const taken = await take();
        await watch();
        failures = 0;
        lastAlive = performance.now();
        if (taken.length === 0) await wake.wait(pollMs);
      } catch (error) {
        failures += 1;
        if (failures === 1)
          deps.logger.error("Deliveries cannot be taken at the moment.", { instance }, error);
        await wake.wait(Math.min(longestPauseMs, pollMs * 2 ** Math.min(failures, 10)));
      }
    }
  }

  async function prolong(): Promise<void> {
    const leases = [...underWay.values()].map(({ row }) => ({ id: row.id, attempt: row.attempt }));
    if (leases.length > 0) await prolongLeases(deps.db, leases, leaseEnd());
  }

  async function release(): Promise<void> {
    const leases = [...underWay.values()].map(({ row, isSending }) => ({
      id: row.id,
      attempt: row.attempt,
      state: isSending || row.uncertain ? ("unknown" as const) : ("waiting" as const),
    }));
    if (leases.length > 0) await releaseLeases(deps.db, leases, deps.now());
  }

  return {
    start() {
      if (loop) return;
      lastAlive = performance.now();
      loop = run();
      heartbeat = setInterval(() => {
        prolong().catch((error: unknown) =>
          deps.logger.error("Leases were not prolonged.", { instance }, error),
        );
      }, heartbeatMs);
    },
    async stop() {
      isStopping = true;
      wake.wake();
      await loop;
      const finished = () => Promise.allSettled([...underWay.values()].map((entry) => entry.done));
      await within(finished(), stopWithinMs);
      abort.abort();
      await within(finished(), 2_000);
      clearInterval(heartbeat);
      await release();
    },
    nudge: () => wake.wake(),
    async tick() {
      const taken = await take();
      await Promise.all(taken.map((entry) => entry.done));
      await watch();
      return taken.length;
    },
    isAlive: () => loop !== undefined && !isStopping && performance.now() - lastAlive < aliveWithinMs,
  };
}

/** What one attempt says about its destination. */
function endOf(verdict: Verdict): "failed" | "early" | "well" {
  if (verdict.outcome !== "retry" && verdict.outcome !== "unknown") return "well";
  return verdict.early === true ? "early" : "failed";
}

async function within(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, over]);
  clearTimeout(timer);
}
