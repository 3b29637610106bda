import { z } from "zod";
import { DeliveryState } from "../../contract/vocabulary.ts";
import { runStatement, type Statement, type Tx } from "../../db/index.ts";
import type { DeliveryRow } from "../delivery.ts";
import { dataVersion } from "../model.ts";

const ClaimedRow = z.object({
  id: z.string(),
  referralId: z.string().nullable(),
  adapter: z.string(),
  destination: z.string(),
  notice: z.string(),
  seq: z.number(),
  sequence: z.number(),
  data: z.record(z.string(), z.unknown()),
  attempt: z.number(),
  step: z.number(),
  was: DeliveryState,
  createdAt: z.date(),
  countedFrom: z.date(),
  failingSince: z.date().nullable(),
  remembered: z.instanceof(Uint8Array).nullable(),
});

/** How many more a destination takes at this moment, where it differs from the others. */
export interface Allowance {
  adapter: string;
  destination: string;
  slots: number;
}

export interface Claim {
  instance: string;
  now: Date;
  leaseUntil: Date;
  /** Most rows in all, and most for a destination that `allowances` does not name. */
  limit: number;
  perDestination: number;
  allowances: readonly Allowance[];
  /** Adapters that are on here; what belongs to others is left. */
  adapters: readonly string[];
}

/**
 * Leases what is due, a few for each destination. `spot` hops through the index from destination to destination, so the
 * cost follows the number of destinations with work and not the length of any queue: a hundred thousand that wait for a
 * dead one are never read. What waits for its turn has its time in the year 9999 and is not due.
 */
export async function claimDue(tx: Tx, claim: Claim): Promise<DeliveryRow[]> {
  const rows = await runStatement(tx, leasing, [
    claim.allowances.map((one) => one.adapter),
    claim.allowances.map((one) => one.destination),
    claim.allowances.map((one) => one.slots),
    claim.now,
    dataVersion,
    claim.perDestination,
    [...claim.adapters],
    claim.limit,
    claim.instance,
    claim.leaseUntil,
  ]);
  return z
    .array(ClaimedRow)
    .parse(rows)
    .map(({ was, ...row }) => ({ ...row, uncertain: was !== "waiting" }));
}

const leasing: Statement = {
  name: "fp_lease_due",
  text: `
    WITH RECURSIVE spot AS (
      (SELECT adapter, destination FROM delivery WHERE settled_at IS NULL
        ORDER BY settled_at, adapter, destination LIMIT 1)
      UNION ALL
      SELECT next.adapter, next.destination FROM spot CROSS JOIN LATERAL (
        SELECT adapter, destination FROM delivery
         WHERE settled_at IS NULL AND (adapter, destination) > (spot.adapter, spot.destination)
         ORDER BY settled_at, adapter, destination LIMIT 1) next
    ), allowed AS (
      SELECT * FROM unnest($1::text[], $2::text[], $3::int[]) AS a (adapter, destination, slots)
    ), due AS (
      SELECT head.id, head.state AS was
        FROM spot
        LEFT JOIN allowed USING (adapter, destination)
       CROSS JOIN LATERAL (
        SELECT id, state, next_at FROM delivery d
         WHERE d.settled_at IS NULL AND d.adapter = spot.adapter AND d.destination = spot.destination
           AND d.next_at <= $4::timestamptz
           AND coalesce((d.data->>'v')::int, 1) <= $5::int
         ORDER BY d.settled_at, d.adapter, d.destination, d.next_at
         LIMIT coalesce(allowed.slots, $6::int)
           FOR UPDATE SKIP LOCKED) head
       WHERE spot.adapter = ANY ($7::text[])
       ORDER BY head.next_at LIMIT $8::int
    )
    UPDATE delivery d
       SET state = 'leased', attempt = d.attempt + 1, leased_by = $9::text,
           lease_until = $10::timestamptz, next_at = $10::timestamptz
      FROM due
     WHERE d.id = due.id
    RETURNING d.id, d.referral_id AS "referralId", d.adapter, d.destination, d.notice, d.seq, d.data, d.attempt, d.step,
              due.was, d.created_at AS "createdAt",
              coalesce((d.data->>'replayedAt')::timestamptz, d.created_at) AS "countedFrom", d.failing_since AS "failingSince",
              (SELECT m.value FROM adapter_memory m
                WHERE m.adapter = d.adapter AND m.key = 'remember:' || d.referral_id || ':' || d.destination) AS remembered,
              1 + (SELECT count(*)::int FROM delivery e
                    WHERE e.referral_id = d.referral_id AND e.adapter = d.adapter AND e.destination = d.destination
                      AND e.seq < d.seq AND e.state <> 'cancelled') AS sequence`,
};

export interface Lease {
  id: string;
  attempt: number;
}

/** Prolongs the leases that still are this attempt's. */
export async function prolongLeases(tx: Tx, leases: readonly Lease[], leaseUntil: Date): Promise<void> {
  const ids = leases.map((lease) => lease.id);
  const attempts = leases.map((lease) => lease.attempt);
  await tx.$executeRaw`
    UPDATE delivery d SET lease_until = ${leaseUntil}::timestamptz, next_at = ${leaseUntil}::timestamptz
      FROM unnest(${ids}::uuid[], ${attempts}::int[]) AS mine (id, attempt)
     WHERE d.id = mine.id AND d.attempt = mine.attempt AND d.state = 'leased'`;
}

/** Gives leases back: `unknown` where a send may have begun, else as they were. */
export async function releaseLeases(
  tx: Tx,
  leases: readonly (Lease & { state: "waiting" | "unknown" })[],
  now: Date,
): Promise<void> {
  const ids = leases.map((lease) => lease.id);
  const attempts = leases.map((lease) => lease.attempt);
  const states = leases.map((lease) => lease.state);
  await tx.$executeRaw`
    UPDATE delivery d SET state = mine.state, leased_by = NULL, lease_until = NULL, next_at = ${now}::timestamptz
      FROM unnest(${ids}::uuid[], ${attempts}::int[], ${states}::text[]) AS mine (id, attempt, state)
     WHERE d.id = mine.id AND d.attempt = mine.attempt AND d.state = 'leased'`;
}

/** Every lease there is: for the start of the only server of a cluster, where whoever held one is gone. */
export async function releaseAllLeases(tx: Tx, now: Date): Promise<number> {
  return tx.$executeRaw`
    UPDATE delivery SET state = 'unknown', leased_by = NULL, lease_until = NULL, next_at = ${now}::timestamptz
     WHERE settled_at IS NULL AND state = 'leased'`;
}
