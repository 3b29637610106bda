import { z } from "zod";
import type { Tx } from "../../db/index.ts";
import type { DeliveryRow } from "../delivery.ts";
import type { Next } from "../model.ts";
import { wakeNext } from "./outbox.ts";

/**
 * Locks the referrals' rows. Use cases change a referral before they write its deliveries, so taking the row first gives
 * every transaction the same order of locks, and nobody adds to a lane while its head is settled.
 */
export async function lockReferrals(tx: Tx, ids: readonly (string | null)[]): Promise<void> {
  const known = ids.filter((id) => id !== null);
  if (known.length === 0) return;
  await tx.$queryRaw`SELECT 1 FROM referral WHERE id = ANY (${known}::uuid[]) ORDER BY id FOR NO KEY UPDATE`;
}

const Stored = z.array(z.object({ id: z.string(), alarmed: z.boolean() }));

/**
 * Stores the results of attempts, and of each only while the row is still at that attempt: what has moved on since,
 * because its lease ran out and another worker took it, is missing from the answer. What waited behind a settled one may
 * go. `alarmed`: its destination has an alarm.
 */
export async function storeResults(
  tx: Tx,
  results: readonly { row: DeliveryRow; next: Next }[],
  now: Date,
): Promise<ReadonlyMap<string, { alarmed: boolean }>> {
  const of = <T>(read: (result: { row: DeliveryRow; next: Next }) => T): T[] => results.map(read);
  const stored = Stored.parse(
    await tx.$queryRaw`
    UPDATE delivery d
       SET state = r.state, step = r.step, next_at = r.next_at, settled_at = r.settled_at,
           failing_since = r.failing_since, last_error = r.last_error, leased_by = NULL, lease_until = NULL,
           data = CASE WHEN r.state = 'parked' THEN d.data || jsonb_build_object('uncertain', r.uncertain) ELSE d.data END
      FROM unnest(${of(({ row }) => row.id)}::uuid[], ${of(({ row }) => row.attempt)}::int[],
                  ${of(({ next }) => next.state)}::text[], ${of(({ next }) => next.step)}::int[],
                  ${of(({ next }) => next.nextAt)}::timestamptz[], ${of(({ next }) => next.settledAt)}::timestamptz[],
                  ${of(({ next }) => next.failingSince)}::timestamptz[], ${of(({ next }) => next.lastError)}::text[],
                  ${of(({ next }) => next.uncertain === true)}::boolean[])
           AS r (id, attempt, state, step, next_at, settled_at, failing_since, last_error, uncertain)
     WHERE d.id = r.id AND d.attempt = r.attempt AND d.state = 'leased'
    RETURNING d.id, EXISTS (SELECT 1 FROM delivery a WHERE a.adapter = d.adapter AND a.destination = d.destination
                               AND a.alarmed_at IS NOT NULL) AS alarmed`,
  );
  const counted = new Map(stored.map(({ id, alarmed }) => [id, { alarmed }]));
  const settled = results.filter(({ row, next }) => next.settledAt !== null && counted.has(row.id));
  await wakeNext(
    tx,
    settled.map(({ row }) => row),
    now,
  );
  return counted;
}

const Gauge = z.tuple([z.object({ count: z.number(), oldest: z.date().nullable() })]);

/** How many are not settled, and when the oldest of them was written. */
export async function measureWaiting(tx: Tx): Promise<{ count: number; oldest: Date | null }> {
  const [gauge] = Gauge.parse(
    await tx.$queryRaw`SELECT count(*)::int AS count, min(created_at) AS oldest FROM delivery WHERE settled_at IS NULL`,
  );
  return gauge;
}
