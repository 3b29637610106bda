import { z } from "zod";
import { DeliveryState } from "../../contract/vocabulary.ts";
import { Prisma, type Tx } from "../../db/index.ts";
import type { StoredDelivery } from "../delivery.ts";
import { blockedUntil } from "../model.ts";

const Data = z.record(z.string(), z.unknown());

export const StoredRow = z.object({
  id: z.string(),
  referralId: z.string().nullable(),
  adapter: z.string(),
  destination: z.string(),
  notice: z.string(),
  seq: z.number(),
  data: Data,
  state: DeliveryState,
  attempt: z.number(),
  nextAt: z.date(),
  lastError: z.string().nullable(),
  createdAt: z.date(),
  settledAt: z.date().nullable(),
});

export const storedColumns = Prisma.sql`
  id, referral_id AS "referralId", adapter, destination, notice, seq, data, state, attempt,
  next_at AS "nextAt", last_error AS "lastError", created_at AS "createdAt", settled_at AS "settledAt"`;

export interface NewDelivery {
  id: string;
  referralId: string | null;
  adapter: string;
  destination: string;
  notice: string;
  data: Readonly<Record<string, unknown>>;
  now: Date;
}

/** Its place is counted and its turn decided by the statement itself. Without a referral there is neither. */
export async function insertDelivery(tx: Tx, row: NewDelivery): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO delivery (id, referral_id, adapter, destination, notice, data, created_at, seq, next_at)
    SELECT ${row.id}::uuid, ${row.referralId}::uuid, ${row.adapter}, ${row.destination}, ${row.notice},
           ${JSON.stringify(row.data)}::jsonb, ${row.now}::timestamptz, coalesce(max(seq), 0) + 1,
           CASE WHEN bool_or(settled_at IS NULL) THEN ${blockedUntil}::timestamptz ELSE ${row.now}::timestamptz END
      FROM delivery
     WHERE referral_id = ${row.referralId}::uuid AND adapter = ${row.adapter} AND destination = ${row.destination}`;
}

/** Deliveries of one referral at one destination, which leave one after the other. */
export interface Lane {
  referralId: string | null;
  adapter: string;
  destination: string;
}

/** Lets the lowest unsettled delivery of each lane go, if it was waiting for its turn. */
export async function wakeNext(tx: Tx, lanes: readonly Lane[], now: Date): Promise<void> {
  const ordered = lanes.filter((lane) => lane.referralId !== null);
  if (ordered.length === 0) return;
  const referrals = ordered.map((lane) => lane.referralId);
  const adapters = ordered.map((lane) => lane.adapter);
  const destinations = ordered.map((lane) => lane.destination);
  await tx.$executeRaw`
    UPDATE delivery d SET next_at = ${now}::timestamptz
      FROM unnest(${referrals}::uuid[], ${adapters}::text[], ${destinations}::text[])
           AS lane (referral_id, adapter, destination)
     CROSS JOIN LATERAL (
       SELECT id FROM delivery h
        WHERE h.referral_id = lane.referral_id AND h.adapter = lane.adapter AND h.destination = lane.destination
          AND h.settled_at IS NULL
        ORDER BY h.seq LIMIT 1) head
     WHERE d.id = head.id AND d.next_at = ${blockedUntil}::timestamptz`;
}

const LaneRow = z.object({ referralId: z.string().nullable(), adapter: z.string(), destination: z.string() });

export async function cancelWaiting(tx: Tx, id: string, now: Date): Promise<boolean> {
  const rows = z.array(LaneRow).parse(
    await tx.$queryRaw`
    UPDATE delivery SET state = 'cancelled', settled_at = ${now}::timestamptz, next_at = ${now}::timestamptz
     WHERE id = ${id}::uuid AND state = 'waiting'
     RETURNING referral_id AS "referralId", adapter, destination`,
  );
  const lane = rows[0];
  if (!lane) return false;
  await wakeNext(tx, [lane], now);
  return true;
}

export async function selectDeliveriesOf(tx: Tx, referralId: string): Promise<StoredDelivery[]> {
  const rows = await tx.$queryRaw`
    SELECT ${storedColumns} FROM delivery WHERE referral_id = ${referralId}::uuid ORDER BY created_at, adapter, destination, seq`;
  return z.array(StoredRow).parse(rows);
}
