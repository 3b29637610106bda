import { z } from "zod";
import type { Tx } from "../../db/index.ts";
import type { DeliveryRow } from "../delivery.ts";
import type { Next } from "../model.ts";
import { wakeNext } from "./outbox.ts";

/**
 * Locks the referral's row. Use cases change it before they write a delivery, so taking it first gives every
 * transaction the same order of locks, and nobody adds to a row of deliveries while its head is settled.
 */
export async function lockReferral(tx: Tx, referralId: string | null): Promise<void> {
  if (referralId === null) return;
  await tx.$queryRaw`SELECT 1 FROM referral WHERE id = ${referralId}::uuid FOR NO KEY UPDATE`;
}

const Stored = z.array(z.object({ alarmed: z.boolean() }));

/**
 * Stores the result of one attempt, and only of that one: null when the row has moved on since, because its lease ran
 * out and another worker took it. What waited behind it may go when it settles. `alarmed`: the destination has an alarm.
 */
export async function storeResult(
  tx: Tx,
  row: DeliveryRow,
  next: Next,
  now: Date,
): Promise<{ alarmed: boolean } | null> {
  const stored = Stored.parse(
    await tx.$queryRaw`
    UPDATE delivery d
       SET state = ${next.state}, step = ${next.step}, next_at = ${next.nextAt}::timestamptz,
           settled_at = ${next.settledAt}::timestamptz, failing_since = ${next.failingSince}::timestamptz,
           last_error = ${next.lastError}, leased_by = NULL, lease_until = NULL
     WHERE id = ${row.id}::uuid AND attempt = ${row.attempt} AND state = 'leased'
    RETURNING EXISTS (SELECT 1 FROM delivery a WHERE a.adapter = d.adapter AND a.destination = d.destination
                         AND a.alarmed_at IS NOT NULL) AS alarmed`,
  );
  if (stored.length > 0 && next.settledAt !== null) await wakeNext(tx, row, now);
  return stored[0] ?? null;
}

const Gauge = z.tuple([z.object({ count: z.number(), oldest: z.date().nullable() })]);

/** How many are not settled, and when the oldest of them was written. */
export async function measureWaiting(tx: Tx): Promise<{ count: number; oldest: Date | null }> {
  const [gauge] = Gauge.parse(
    await tx.$queryRaw`SELECT count(*)::int AS count, min(created_at) AS oldest FROM delivery WHERE settled_at IS NULL`,
  );
  return gauge;
}
