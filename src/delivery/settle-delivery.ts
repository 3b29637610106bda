import { isUnavailable, type Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import type { Attempt } from "./attempt-delivery.ts";
import type { DeliveryMetrics, DeliveryRow, Settlers } from "./delivery.ts";
import { memorable, rememberKey } from "./memory.ts";
import { alarmAfterMs, destinationKey, type Next, settle } from "./model.ts";
import { endAlarm, lockAlarms, raiseAlarm } from "./store/alarms.ts";
import { upsertMemory } from "./store/memories.ts";
import { lockReferrals, storeResults } from "./store/settlement.ts";

export interface SettleParts {
  deps: Deps;
  settlers: Settlers;
  metrics: DeliveryMetrics;
  /** In [0, 1). */
  random(): number;
}

/** Most results that share a transaction: enough to save most of its cost, few enough to hold their rows for a moment. */
const mostTogether = 32;
/** Transactions at a time; requests need the other connections. */
const mostTransactions = 2;

interface Pending {
  row: DeliveryRow;
  attempt: Attempt;
  done(): void;
}

/**
 * Stores what came of attempts, with everything the house does about it, behind the fence. Results that arrive while
 * others are being stored go together in one transaction. Where that fails each is stored by itself; one that still
 * fails becomes `unknown` by the schedule, and while the database is away its lease runs out, which comes to the same.
 */
export function createSettlement(parts: SettleParts) {
  const pending: Pending[] = [];
  let running = 0;

  async function drain(): Promise<void> {
    if (running >= mostTransactions) return;
    running += 1;
    for (
      let batch = pending.splice(0, mostTogether);
      batch.length > 0;
      batch = pending.splice(0, mostTogether)
    ) {
      await storeBatch(parts, batch);
      for (const { done } of batch) done();
    }
    running -= 1;
  }

  return (row: DeliveryRow, attempt: Attempt): Promise<void> =>
    new Promise((done) => {
      pending.push({ row, attempt, done });
      void drain();
    });
}

/** Never throws. */
async function storeBatch(parts: SettleParts, batch: readonly Pending[]): Promise<void> {
  if (batch.length > 1) {
    try {
      await storeTogether(parts, batch);
      return;
    } catch {
      // One of them, or a row that somebody else holds. Alone, each shows what is wrong with it.
    }
  }
  for (const one of batch) await storeAlone(parts, one);
}

async function storeAlone(parts: SettleParts, one: Pending): Promise<void> {
  const { deps } = parts;
  try {
    await storeTogether(parts, [one]);
  } catch (error) {
    const { row, attempt } = one;
    const fields = { delivery: row.id, adapter: row.adapter, outcome: attempt.verdict.outcome };
    deps.logger.error("The result of a delivery could not be stored.", fields, error);
    if (isUnavailable(error)) return;
    const now = deps.now();
    const verdict = { outcome: "unknown", reason: "not-stored" } as const;
    const next = settle({ ...row, uncertain: true }, verdict, now, parts.random());
    const storing = deps.transaction((tx) => storeResults(tx, [{ row, next }], now));
    await storing.catch((again: unknown) =>
      deps.logger.error("A delivery was left to its lease.", fields, again),
    );
  }
}

async function storeTogether(parts: SettleParts, batch: readonly Pending[]): Promise<void> {
  const now = parts.deps.now();
  const results = batch.map(({ row, attempt }) => ({
    row,
    attempt,
    next: settle(row, attempt.verdict, now, parts.random()),
  }));
  const stored = await parts.deps.transaction(async (tx) => {
    if (results.some(({ next }) => next.state === "parked")) await lockAlarms(tx);
    await lockReferrals(
      tx,
      results.map(({ row }) => row.referralId),
    );
    const counted = await storeResults(tx, results, now);
    const alarmed = new Set<string>();
    for (const result of results) {
      const found = counted.get(result.row.id);
      if (found) await act(parts, tx, result, { alarmed, hasAlarm: found.alarmed }, now);
    }
    return counted;
  });
  for (const { row, next } of results) if (stored.has(row.id)) count(parts.metrics, row.adapter, next);
}

interface Result {
  row: DeliveryRow;
  attempt: Attempt;
  next: Next;
}

/** What the house does about one result. `alarmed` are the destinations for which this transaction raised an alarm. */
async function act(
  parts: SettleParts,
  tx: Tx,
  { row, attempt, next }: Result,
  known: { alarmed: Set<string>; hasAlarm: boolean },
  now: Date,
): Promise<void> {
  if ("result" in attempt) {
    await remember(parts.deps, tx, row, attempt.result.remember);
    await parts.settlers.delivered(tx, row, attempt.result, now);
    if (known.hasAlarm) await recover(parts, tx, row, now);
    return;
  }
  const reason = next.lastError ?? "";
  if (next.state === "cancelled") await parts.settlers.cancelled(tx, row, reason, now);
  if (next.state === "refused" || next.state === "parked") {
    await parts.settlers.failed(tx, row, next.state, reason, now);
  }
  if (attempt.stop === true) await parts.settlers.stopped(tx, row.destination, now);
  const place = destinationKey(row.adapter, row.destination);
  if (next.state !== "parked" || known.hasAlarm || known.alarmed.has(place)) return;
  known.alarmed.add(place);
  const alarm = {
    deliveryId: row.id,
    adapter: row.adapter,
    destination: row.destination,
    failingSince: row.failingSince ?? now,
    lastError: reason,
  };
  await raiseAlarm(tx, alarm, now);
  await parts.settlers.alarmed(tx, alarm, now);
}

async function recover(parts: SettleParts, tx: Tx, row: DeliveryRow, now: Date): Promise<void> {
  const since = new Date(now.getTime() - alarmAfterMs);
  if (await endAlarm(tx, row, since, now)) {
    await parts.settlers.recovered(tx, { adapter: row.adapter, destination: row.destination }, now);
  }
}

async function remember(deps: Deps, tx: Tx, row: DeliveryRow, value: unknown): Promise<void> {
  if (value === undefined || row.referralId === null) return;
  const json = memorable(value);
  if (json === null) {
    deps.logger.error("An adapter wants more remembered than 4 kB of JSON.", {
      adapter: row.adapter,
      delivery: row.id,
    });
    return;
  }
  const key = rememberKey(row.referralId, row.destination);
  const sealed = deps.keyring.sealSecret(json);
  await upsertMemory(tx, {
    adapter: row.adapter,
    key,
    value: sealed,
    referralId: row.referralId,
    expiresAt: null,
  });
}

function count(metrics: DeliveryMetrics, adapter: string, next: Next): void {
  if (next.state === "waiting") metrics.retried(adapter);
  else if (next.state === "unknown") metrics.unknown(adapter);
  else metrics.settled(adapter, next.state);
}
