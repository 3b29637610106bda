import { isUnavailable, type Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import type { Attempt } from "./attempt-delivery.ts";
import type { DeliveryMetrics, DeliveryRow, Settlers } from "./delivery.ts";
import { memorable, rememberKey } from "./memory.ts";
import { alarmAfterMs, type Next, settle } from "./model.ts";
import { endAlarm, lockAlarms, raiseAlarm } from "./store/alarms.ts";
import { upsertMemory } from "./store/memories.ts";
import { lockReferral, storeResult } from "./store/settlement.ts";

export interface SettleParts {
  deps: Deps;
  settlers: Settlers;
  metrics: DeliveryMetrics;
  /** In [0, 1). */
  random(): number;
}

/**
 * Stores what came of an attempt, with everything the house does about it, in one transaction behind the fence. Answers
 * whether the attempt still counted. Where that fails for any reason but the database being away, the delivery becomes
 * `unknown` by the schedule; where the database is away its lease runs out, which comes to the same.
 */
export async function settleDelivery(
  parts: SettleParts,
  row: DeliveryRow,
  attempt: Attempt,
): Promise<boolean> {
  const { deps } = parts;
  const now = deps.now();
  const next = settle(row, attempt.verdict, now, parts.random());
  try {
    const counted = await deps.transaction((tx) => store(parts, tx, row, attempt, next, now));
    if (counted) count(parts.metrics, row.adapter, next);
    return counted;
  } catch (error) {
    const fields = { delivery: row.id, adapter: row.adapter, outcome: attempt.verdict.outcome };
    deps.logger.error("The result of a delivery could not be stored.", fields, error);
    if (isUnavailable(error)) return false;
    const unsure = settle(
      { ...row, uncertain: true },
      { outcome: "unknown", reason: "not-stored" },
      now,
      parts.random(),
    );
    return deps.transaction(async (tx) => {
      await lockReferral(tx, row.referralId);
      return (await storeResult(tx, row, unsure, now)) !== null;
    });
  }
}

async function store(
  parts: SettleParts,
  tx: Tx,
  row: DeliveryRow,
  attempt: Attempt,
  next: Next,
  now: Date,
): Promise<boolean> {
  if (next.state === "parked") await lockAlarms(tx);
  await lockReferral(tx, row.referralId);
  const stored = await storeResult(tx, row, next, now);
  if (stored === null) return false;
  if ("result" in attempt) {
    await remember(parts.deps, tx, row, attempt.result.remember);
    await parts.settlers.delivered(tx, row, attempt.result, now);
    if (stored.alarmed) await recover(parts, tx, row, now);
    return true;
  }
  const reason = next.lastError ?? "";
  if (next.state === "cancelled") await parts.settlers.cancelled(tx, row, reason, now);
  if (next.state === "refused" || next.state === "parked") {
    await parts.settlers.failed(tx, row, next.state, reason, now);
  }
  if (attempt.stop === true) await parts.settlers.stopped(tx, row.destination, now);
  if (next.state === "parked" && !stored.alarmed) {
    const { id: deliveryId, adapter, destination } = row;
    const alarm = {
      deliveryId,
      adapter,
      destination,
      failingSince: row.failingSince ?? now,
      lastError: reason,
    };
    await raiseAlarm(tx, alarm, now);
    await parts.settlers.alarmed(tx, alarm, now);
  }
  return true;
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
